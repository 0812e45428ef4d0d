#!/bin/sh
# A local copy of the fleet's Git repository that is always whole, for a site whose link is not.
#   mirror.sh once     looks at the centre once; exits with 0 if the copy is up to date, 1 if the last one stays
#   mirror.sh run      does so every INTERVAL seconds (300), for ever
# UPSTREAM is the repository at the centre, or a bundle on a stick. MIRROR_DIR (/srv/git) gets fleet.git, which is served.
# CREDENTIALS (/etc/git-mirror/credentials) is a file of git-credential-store, if it is there: read each time, never written.
#
# Two copies, a.git and b.git, take turns: fleet.git is a link to the one that is served, which is never written to. The
# other is made anew from it, fetches, is checked to the last object, and then the link is replaced, in one rename. Whenever
# this is killed, and whatever the link to the centre does, fleet.git is the last commit that came whole.
set -eu
: "${UPSTREAM:?UPSTREAM is required, the repository at the centre}"
root=${MIRROR_DIR:-/srv/git}
interval=${INTERVAL:-300}
credentials=${CREDENTIALS:-/etc/git-mirror/credentials}
said=$root/said # what Git printed last, on stderr
checked=

# In a URL it would be in the log, in the list of processes and in the copy.
case $UPSTREAM in
  http://*@* | https://*@*)
    authority=${UPSTREAM#*://}
    case ${authority%%/*} in
      *@*) echo "UPSTREAM has a name or a token in it: they belong into $credentials" >&2; exit 2 ;;
    esac ;;
esac

export LC_ALL=C GIT_TERMINAL_PROMPT=0 HOME="${HOME:-/tmp}"
# A link that is black is given up after a minute.
export GIT_HTTP_LOW_SPEED_LIMIT="${GIT_HTTP_LOW_SPEED_LIMIT:-100}" GIT_HTTP_LOW_SPEED_TIME="${GIT_HTTP_LOW_SPEED_TIME:-60}"

say() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*"; }

# Git tells its helpers to forget what was refused. Ours does not: a centre that refuses for an hour, as some do while they
# are repaired, would have taken the token for ever.
remote() {
  status=0
  if [ -f "$credentials" ]; then
    CREDENTIALS="$credentials" git -c credential.helper= -c credential.helper="$only_get" -c core.fsync=all "$@" 2>"$said" ||
      status=$?
  else
    git -c core.fsync=all "$@" 2>"$said" || status=$?
  fi
  cat "$said" >&2
  return $status
}
# shellcheck disable=SC2016 # expanded where Git runs it
only_get='!only_get() { [ "$1" != get ] || git credential-store --file="$CREDENTIALS" get; }; only_get'

# What to mend, as far as Git's words tell it.
why() {
  case $(cat "$said") in
    *'Authentication failed'*) echo ": it refuses the credentials in $credentials" ;;
    *'returned error: 403'*) echo ": it knows the credentials in $credentials, and they may not read it" ;;
    *'could not read Username'* | *'could not read Password'*)
      if [ ! -e "$credentials" ]; then
        echo ": it asks for credentials, and there is no $credentials"
      elif [ ! -r "$credentials" ]; then
        echo ": it asks for credentials, and $credentials may not be read by $(id -u)"
      else
        echo ": it asks for credentials, and $credentials has none for it"
      fi ;;
  esac
}

refs() { git -C "$1" for-each-ref --format='%(objectname)%09%(refname)' refs/heads refs/tags; }

# Every object is there and is what its name says, and there is at least one branch.
whole() {
  [ -n "$(git -C "$1" for-each-ref --count=1 refs/heads 2>/dev/null)" ] &&
    git -C "$1" fsck --full --no-dangling --no-progress >/dev/null 2>&1
}

# $1 is made anew: of the copy that is served, by links, or else of the centre's repository.
start_from() {
  rm -rf "${root:?}/$1"
  if [ -n "$2" ]; then
    git clone --quiet --mirror --local "$root/$2" "$root/$1" && return 0
    rm -rf "${root:?}/$1"
  fi
  remote clone --quiet --mirror "$UPSTREAM" "$root/$1"
}

once() {
  served=$(readlink "$root/fleet.git" || true)
  if ! theirs=$(remote ls-remote --refs "$UPSTREAM" 'refs/heads/*' 'refs/tags/*'); then
    say "$UPSTREAM cannot be read$(why); what was there stays"
    return 1
  fi
  if [ -z "$theirs" ]; then
    say "$UPSTREAM has no branch; what was there stays"
    return 1
  fi
  if [ -n "$served" ] && [ -z "$checked" ] && ! whole "$root/$served"; then
    say "the copy is damaged, it is fetched anew"
    served_whole=
  else
    served_whole=$served
    checked=1
  fi
  if [ -n "$served_whole" ] && [ "$theirs" = "$(refs "$root/$served")" ]; then
    return 0
  fi
  case $served in a.git) other=b.git ;; *) other=a.git ;; esac
  if ! { start_from "$other" "$served_whole" &&
    remote -C "$root/$other" -c maintenance.auto=false fetch --quiet --atomic --prune --no-tags "$UPSTREAM" \
      '+refs/heads/*:refs/heads/*' '+refs/tags/*:refs/tags/*'; }; then
    say "$UPSTREAM was not fetched to its end$(why); what was there stays"
    return 1
  fi
  # Not in the background, as fetch would: nothing may be written after the check.
  git -C "$root/$other" -c gc.autoDetach=false gc --quiet --auto || true
  if ! whole "$root/$other"; then
    say "what came of $UPSTREAM is not whole; what was there stays"
    return 1
  fi
  # The commit point: all of the copy is on the disk before its name is.
  if ! { sync && ln -sfn "$other" "$root/fleet.git.next" && mv -T "$root/fleet.git.next" "$root/fleet.git"; }; then
    say "the new copy could not take the place of the last one, which stays"
    return 1
  fi
  checked=1
  say "now at $(git -C "$root/fleet.git" rev-parse --short HEAD 2>/dev/null || echo 'a new state')"
}

mkdir -p "$root"
exec 9>"$root/lock"
flock -n 9 || { say "another one works in $root"; exit 1; }
case ${1:-} in
  once) once ;;
  run)
    while :; do
      once || true
      sleep "$interval" 9>&-
    done
    ;;
  *)
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
