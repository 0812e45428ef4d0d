#!/bin/sh
# Does the agent on this K3s box work? Prints what it looked at, then PASS or FAIL.
#   smoke.sh [--namespace monitoring] [--release edgeship-agent] [--wait 180] [--offline]
# --wait: how many seconds it may take to become ready. --offline: the box has no link yet; running is enough.
# Exit code: 0 PASS, 1 FAIL, 2 wrong use. Needs `k3s kubectl`, or `kubectl` with a kubeconfig; changes nothing.
set -eu
namespace=monitoring release=edgeship-agent limit=180 offline=
while [ $# -gt 0 ]; do
  case $1 in
    --namespace) namespace=${2:?--namespace wants a name}; shift ;;
    --release) release=${2:?--release wants a name}; shift ;;
    --wait) limit=${2:?--wait wants seconds}; shift ;;
    --offline) offline=1 ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done
deadline=$(($(date +%s) + limit))

kube() { if command -v k3s >/dev/null 2>&1; then k3s kubectl "$@"; else kubectl "$@"; fi; }
ok() { printf 'ok    %s\n' "$*"; }
fail() { printf 'wrong %s\nFAIL\n' "$*"; exit 1; }

# $1 is what is waited for, the rest a command that says nothing until it is so. Its last words are in $answer.
await() {
  what=$1; shift
  while :; do
    answer=$("$@" 2>&1) && return 0
    [ "$(date +%s)" -lt "$deadline" ] || fail "$what: ${answer:-nothing}"
    sleep 2
  done
}

version=$(kube version -o json 2>&1 | sed -n '/serverVersion/,$s/.*"gitVersion": *"\([^"]*\)".*/\1/p' | head -n 1)
[ -n "$version" ] || fail "the API server does not answer"
ok "Kubernetes $version"

# A release that K3s installs says here why it could not be.
if chart=$(kube -n kube-system get helmcharts.helm.cattle.io "$release" -o \
  'jsonpath={range .status.conditions[?(@.type=="Failed")]}{.status} {.message}{end}' 2>/dev/null); then
  case $chart in
    True*) fail "HelmChart $release failed: ${chart#True }" ;;
    *) ok "HelmChart $release" ;;
  esac
fi

# The pod with the container, be it the agent's own or Prometheus': NAME IMAGE STARTED RESTARTS
pod_of_agent() {
  kube -n "$namespace" get pods -o 'jsonpath={range .items[*]}{.metadata.name}{range .status.containerStatuses[?(@.name=="edgeship-agent")]} {.image} {.state.running.startedAt} {.restartCount}{.state.waiting.reason}{end}{"\n"}{end}' |
    awk 'NF > 1 { print; found = 1; exit } END { if (!found) exit 1 }'
}
running() {
  line=$(pod_of_agent) || { echo "no pod in $namespace has a container edgeship-agent"; return 1; }
  [ "$(echo "$line" | wc -w)" -eq 4 ] || { echo "$line"; return 1; }
  echo "$line"
}
await "the container runs" running
set -- $answer
pod=$1
ok "container in pod $pod, image $2, started $3, restarts $4"

port=$(kube -n "$namespace" get pod "$pod" -o \
  'jsonpath={.spec.containers[?(@.name=="edgeship-agent")].ports[?(@.name=="http-edgeship")].containerPort}')
page() { kube get --raw "/api/v1/namespaces/$namespace/pods/$pod:$port/proxy$1"; }
await "the agent is healthy" page /-/healthy
ok "healthy"

status() {
  page /status.json | tr -d '\n' | tr -s ' '
}
# What stands before the sources, which have fields of the same names.
field() { printf '%s' "${status%%'"sources"'*}" | sed -n "s/.*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1/p"; }
ready() {
  status=$(status) || return 1
  [ "$(field ready)" = true ] || { printf '%s' "${status%%'"sources"'*}" | sed -n 's/.*"problems": *\[\([^]]*\)\].*/\1/p'; return 1; }
  printf '%s' "$status"
}
if [ -n "$offline" ]; then
  await "the status page answers" status
  status=$answer
else
  await "the agent is ready" ready
  status=$answer
fi
ok "site $(field site), version $(field agent_version), ready $(field ready), last contact $(field last_contact)"
echo PASS
