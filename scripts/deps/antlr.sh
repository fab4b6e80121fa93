#!/usr/bin/env bash
# Fetches the ANTLR tool whose version is that of the installed C++ runtime: output of another
# version does not compile against it. Prints the jar's path.
set -euo pipefail

library=$(readlink -f "$(find /usr/lib /usr/local/lib -name 'libantlr4-runtime.so' -print -quit)")
version=${library##*.so.}
folder=$HOME/.m2/repository/org/antlr/antlr4/$version
jar=$folder/antlr4-$version-complete.jar
if [[ ! -s "$jar" ]]; then
  echo "ANTLR tool $version" >&2
  mvn -B -q dependency:get -Dtransitive=false \
    -Dartifact="org.antlr:antlr4:$version:jar:complete" </dev/null >&2
fi
echo "$jar"
