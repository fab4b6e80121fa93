// The language's shape: Python's surface as far as a snippet may need it, and everything that is refused
// by name.  Each decision is made by one token (README.md); compiler/syntax builds the AST from it.
parser grammar OrmParser;

options { tokenVocab = OrmLexer; superClass = ParserBase; }
@postinclude { #include "compiler/syntax/parser_base.h" }

// ---- statements: the parser is started here once a statement -----------------------------------

statement
    : simple (SEMICOLON simple?)* NEWLINE                                     # line
    | FOR targets IN items COLON suite (ELSE COLON suite)?                    # forLoop
    | IF item COLON suite (ELIF item COLON suite)* (ELSE COLON suite)?        # ifElse
    ;

suite
    : NEWLINE INDENT statement+ DEDENT                                        # block
    | simple (SEMICOLON simple?)* NEWLINE                                     # inlineSuite
    ;

simple
    : value (AUGMENT value | COLON expression (EQUAL value)? | (EQUAL value)*) # evaluate
    | PASS                                                                    # pass
    | IMPORT module (COMMA module)*                                           # importModules
    | FROM (DOT | ELLIPSIS)* dotted? IMPORT imported                          # importNames
    | ( ASSERT | ASYNC | AT | BREAK | CLASS | CONTINUE | DEF | DEL | GLOBAL | MATCH | NONLOCAL
      | RAISE | RETURN | TRY | TYPE | WHILE | WITH ) SKIPPED?                 # refused
    ;

value
    : items                                                                   # plainValue
    | yield                                                                   # yieldValue
    ;

module : dotted (AS NAME)? ;
dotted : NAME (DOT NAME)* ;
imported
    : STAR                                                                    # importAll
    | importedName (COMMA importedName)*                                      # importList
    | LPAREN importedName (COMMA importedName?)* RPAREN                       # importGroup
    ;
importedName : NAME (AS NAME)? ;

// ---- expressions: flat, precedence is climbed by the AST builder -------------------------------

expression
    : prefix* atom trailer*
      ( ( OR | AND | IF | ELSE
        | IN | NOT_IN | IS | IS_NOT | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | EQUAL_EQUAL
        | NOT_EQUAL | PIPE | CARET | AMPERSAND | SHIFT_LEFT | SHIFT_RIGHT | PLUS | MINUS
        | STAR | SLASH | DOUBLE_SLASH | PERCENT | AT | POWER )
        prefix* atom trailer* )*
    ;

prefix
    : (NOT | MINUS | PLUS | TILDE | AWAIT)                                    # sign
    | LAMBDA parameters? COLON                                                # lambda
    ;

// A comma may end each list; an empty place elsewhere is refused by the AST builder.
items : item (COMMA item?)* ;
item : STAR? expression (WALRUS expression)? ;

atom
    : NAME                                                                    # name
    | NUMBER                                                                  # number
    | (STRING | fstring)+                                                     # strings
    | (NONE | TRUE | FALSE | ELLIPSIS)                                        # constant
    | LPAREN (item (comprehension+ | (COMMA item?)*) | yield)? RPAREN         # parenthesis
    | LBRACKET (item (comprehension+ | (COMMA item?)*))? RBRACKET             # list
    | LBRACE (entry (comprehension+ | (COMMA entry?)*))? RBRACE               # braces
    ;

trailer
    : DOT NAME                                                                # attribute
    | LPAREN (argument (COMMA argument?)*)? RPAREN                            # call
    | LBRACKET subscript (COMMA subscript?)* RBRACKET                         # index
    ;

argument
    : KEYWORD_NAME EQUAL expression                                           # keyword
    | (STAR | POWER) expression                                               # spread
    | expression (WALRUS expression | comprehension+)?                        # positional
    ;

subscript
    : item (COLON expression? (COLON expression?)?)?                          # element
    | COLON expression? (COLON expression?)?                                  # fromStart
    ;

entry
    : item (COLON expression)?                                                # pair
    | POWER expression                                                        # merged
    ;

comprehension : ASYNC? FOR targets IN expression (COMPREHENSION_IF item)* ;
targets : target (COMMA target?)* ;
target : STAR? atom trailer* ;

parameters : parameter (COMMA parameter?)* ;
parameter
    : (NAME | KEYWORD_NAME) (EQUAL expression)?                               # plainParameter
    | STAR NAME?                                                              # starParameter
    | POWER NAME                                                              # doubleStarParameter
    | SLASH                                                                   # positionalMark
    ;

yield : YIELD (FROM expression | items)? ;

fstring : FSTRING_START (FSTRING_TEXT | field)* FSTRING_END ;
field : LBRACE value EQUAL? (BANG NAME)? (COLON spec?)? RBRACE ;
spec : (FSTRING_TEXT | field)+ ;
