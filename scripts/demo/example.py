from cluster import OWNER, Cluster


def database_environment(cluster: Cluster, database: str) -> dict[str, str]:
    """How the example site finds its database, as its owner."""
    return {
        "ORMC_DB_HOST": "127.0.0.1",
        "ORMC_DB_PORT": str(cluster.port),
        "ORMC_DB_NAME": database,
        "ORMC_DB_USER": OWNER,
        "ORMC_DB_PASSWORD": cluster.password,
    }
