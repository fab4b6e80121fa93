#!/usr/bin/env bash
# Lists the C++ files under version control.
cd "$(dirname "$0")/../.." && git ls-files '*.h' '*.cpp'
