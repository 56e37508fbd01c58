"""How staff sign in, stay signed in and show anew who they are; allauth does the rest.

adapter.py     what allauth asks the office: who may enter, where to, what people are told
backend.py     an account and its password, judged in the same time whatever is wrong
passwords.py   one text for each password, however it was typed
tries.py       how often somebody may try
forms.py       the fields of sign-in and of codes
standing.py    whether a session still stands: roles, locks, freezes, time
sessions.py    where somebody is signed in, and ending that
fresh.py       who acts must have shown lately who they are; what was typed waits meanwhile
factors.py     passkeys and codes: who needs them, and who may take them away
locking.py     an account that is shut at once
devices.py     sign-ins from a new device or at an odd hour are told of
targets.py     where a sign-in may lead to
middleware.py  all of this, for each request of the staff's
"""
