// The act that waited while somebody showed who they are goes on by itself.
document.getElementById("go-on").submit();
