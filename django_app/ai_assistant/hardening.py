"""Level 2 of the grants: what PostgreSQL lets everybody do, and a read-only transaction does not stop (measured on 15).

A revoke from the reader alone does nothing, because the right is PUBLIC's. So PUBLIC loses it, and every other role
that may log in keeps it by a grant of its own: roles that are made later do not have it.
"""

from django.db import connections

from .grants import quote

# Functions of pg_catalog that write, lock, signal, or run SQL from text. Not set_config: `ormd` sets its transactions
# up with it, and SET would do the same.
LIKE = (
    "lo\\_%",
    "lowrite",
    "loread",
    "pg\\_advisory\\_%",
    "pg\\_try\\_advisory\\_%",
    "pg\\_notify",
    "pg\\_sleep%",
    "pg\\_logical\\_emit\\_message",
    "pg\\_export\\_snapshot",
    "%\\_to\\_xml",
    "%\\_to\\_xmlschema",
    "%\\_to\\_xml\\_and\\_xmlschema",
    "ts\\_stat",
    "ts\\_rewrite",
)
# Besides them: whatever runs with its owner's rights, and what reaches other databases.
EVERYBODYS = """
SELECT p.oid::regprocedure::text
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
LEFT JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
WHERE (n.nspname = 'pg_catalog' AND p.proname LIKE ANY (%s::text[])
       OR n.nspname <> 'pg_catalog' AND (p.prosecdef OR e.extname = 'dblink'))
  AND p.prokind IN ('f', 'p') AND p.prorettype <> 'trigger'::regtype
  AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
              WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')
ORDER BY 1
"""
TEMPORARY = """
SELECT datname FROM pg_database d
WHERE datname = current_database() AND EXISTS (
  SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
  WHERE a.grantee = 0 AND a.privilege_type = 'TEMPORARY')
"""
OTHERS = """
SELECT rolname FROM pg_roles
WHERE rolcanlogin AND NOT rolsuper AND rolname <> %s AND has_database_privilege(oid, current_database(), 'CONNECT')
ORDER BY 1
"""


def found(alias):
    """(the functions that everybody may run, the database where everybody may make temporary tables or None)"""
    functions = column(alias, EVERYBODYS, [list(LIKE)])
    return functions, next(iter(column(alias, TEMPORARY, None)), None)


def others(alias, reader):
    """The roles that keep what PUBLIC loses."""
    return column(alias, OTHERS, [reader])


def may_apply(alias):
    """The functions are the first superuser's."""
    return column(alias, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", None)[0]


def column(alias, query, parameters):
    with connections[alias].cursor() as cursor:
        cursor.execute(query, parameters)
        return [row[0] for row in cursor.fetchall()]


def statements(alias, reader):
    functions, database = found(alias)
    keep = ", ".join(map(quote, others(alias, reader)))
    targets = [("EXECUTE", f"ROUTINE {name}") for name in functions]
    if database:
        targets.append(("TEMPORARY", f"DATABASE {quote(database)}"))
    for right, target in targets:
        # First the grant: nobody loses the right in between.
        if keep:
            yield f"GRANT {right} ON {target} TO {keep}"
        yield f"REVOKE {right} ON {target} FROM PUBLIC"
