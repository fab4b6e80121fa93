# cmake -DGRAMMAR=OrmParser.g4 -DOUTPUT=OrmParser.g4 -P UnlabelledGrammar.cmake
# The grammar without the labels of its alternatives, which are for its reader: for each of them the
# generated parser would make a context twice.
file(READ ${GRAMMAR} text)
string(REGEX REPLACE " +# [A-Za-z]+" "" text "${text}")
file(WRITE ${OUTPUT} "${text}")
