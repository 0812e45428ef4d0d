# A line every five seconds into the site's Loki.
n=0
while :; do
  n=$((n + 1))
  body=$(printf '{"streams":[{"stream":{"app":"pump"},"values":[["%s000000000","pump %s runs"]]}]}' "$(date +%s)" "$n")
  curl -sS -H 'Content-Type: application/json' -d "$body" "$LOKI/loki/api/v1/push" || true
  sleep 5
done
