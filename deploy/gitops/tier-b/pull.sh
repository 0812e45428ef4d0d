#!/bin/sh
# On a box of tier b, run by edgeship-pull.timer: the site's K3s manifests, as the last commit that came whole has them.
#   SITE=ship-3 BRANCH=stable UPSTREAM=https://git.example.net/fleet.git pull.sh
# MIRROR_DIR (/var/lib/edgeship-git) keeps the copy, MANIFESTS is where K3s looks. A file that is gone in Git stays: K3s
# would not delete its objects.
set -eu
: "${SITE:?SITE is required}" "${UPSTREAM:?UPSTREAM is required}"
export UPSTREAM MIRROR_DIR="${MIRROR_DIR:-/var/lib/edgeship-git}"
manifests=${MANIFESTS:-/var/lib/rancher/k3s/server/manifests}
folder=deploy/gitops/sites/$SITE/k3s

"$(dirname "$0")/../mirror/mirror.sh" once || echo "goes on with the last copy"
repository=$MIRROR_DIR/fleet.git
commit=$(git -C "$repository" rev-parse --verify "refs/heads/${BRANCH:-stable}^{commit}")
git -C "$repository" ls-tree --name-only "$commit" "$folder/" | while read -r path; do
  file=$manifests/$(basename "$path")
  # K3s does not look at names that begin with a dot; it sees a file whole or not at all.
  new=$manifests/.$(basename "$path").new
  git -C "$repository" show "$commit:$path" >"$new"
  if cmp -s "$new" "$file"; then rm "$new"; else mv "$new" "$file"; fi
done
