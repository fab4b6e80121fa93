// The vocabulary.  Only names and numbers of tokens come from here: the tokens themselves are made by
// compiler/syntax/lexer.cpp (README.md says why).
lexer grammar OrmLexer;

tokens {
  // Words and literals.
  NAME, KEYWORD_NAME, NUMBER, STRING, FSTRING_START, FSTRING_TEXT, FSTRING_END,
  // The shape of lines.
  NEWLINE, INDENT, DEDENT,
  // Two words that are one operator, and the `if` of a comprehension.
  NOT_IN, IS_NOT, COMPREHENSION_IF,
  // `+=` and its kin.
  AUGMENT,
  // Soft keywords, recognised by where they stand, and what follows a keyword that is refused.
  MATCH, TYPE, SKIPPED
}

AND : 'and';
AS : 'as';
ASSERT : 'assert';
ASYNC : 'async';
AWAIT : 'await';
BREAK : 'break';
CLASS : 'class';
CONTINUE : 'continue';
DEF : 'def';
DEL : 'del';
ELIF : 'elif';
ELSE : 'else';
EXCEPT : 'except';
FALSE : 'False';
FINALLY : 'finally';
FOR : 'for';
FROM : 'from';
GLOBAL : 'global';
IF : 'if';
IMPORT : 'import';
IN : 'in';
IS : 'is';
LAMBDA : 'lambda';
NONE : 'None';
NONLOCAL : 'nonlocal';
NOT : 'not';
OR : 'or';
PASS : 'pass';
RAISE : 'raise';
RETURN : 'return';
TRUE : 'True';
TRY : 'try';
WHILE : 'while';
WITH : 'with';
YIELD : 'yield';

LPAREN : '(';
RPAREN : ')';
LBRACKET : '[';
RBRACKET : ']';
LBRACE : '{';
RBRACE : '}';
COMMA : ',';
COLON : ':';
SEMICOLON : ';';
DOT : '.';
ELLIPSIS : '...';
EQUAL : '=';
WALRUS : ':=';
ARROW : '->';
BANG : '!';
AT : '@';
PLUS : '+';
MINUS : '-';
STAR : '*';
POWER : '**';
SLASH : '/';
DOUBLE_SLASH : '//';
PERCENT : '%';
PIPE : '|';
CARET : '^';
AMPERSAND : '&';
TILDE : '~';
SHIFT_LEFT : '<<';
SHIFT_RIGHT : '>>';
LESS : '<';
LESS_EQUAL : '<=';
GREATER : '>';
GREATER_EQUAL : '>=';
EQUAL_EQUAL : '==';
NOT_EQUAL : '!=';
