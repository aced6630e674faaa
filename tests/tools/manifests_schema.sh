#!/bin/bash
# manifests_schema.sh FOLDER: manifests_schema.mjs, where node and its packages are.
set -u
. "$(dirname "$0")/../support/needs.sh"
needs node
node "$(dirname "$0")/manifests_schema.mjs" "$1"
code=$?
[ $code != 77 ] || missing "kubernetes-models or js-yaml (NODE_PATH)"
exit $code
