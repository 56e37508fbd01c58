// Select2's texts in Kazakh, which it does not bring along: events/admin/stock.py names them to it.
(() => {
  const amd = window.jQuery?.fn?.select2?.amd;
  if (!amd) return;
  amd.define("select2/i18n/kk", [], () => ({
    errorLoading: () => "Нәтижелерді жүктеу мүмкін болмады.",
    inputTooLong: (args) => `${args.input.length - args.maximum} таңбаны өшіріңіз.`,
    inputTooShort: (args) => `Тағы кемінде ${args.minimum - args.input.length} таңба теріңіз.`,
    loadingMore: () => "Тағы нәтижелер жүктелуде…",
    maximumSelected: (args) => `Тек ${args.maximum} тармақ таңдауға болады.`,
    noResults: () => "Ештеңе табылмады.",
    searching: () => "Іздеу…",
    removeAllItems: () => "Бәрін алып тастау",
    removeItem: () => "Алып тастау",
    search: () => "Іздеу",
  }));
})();
