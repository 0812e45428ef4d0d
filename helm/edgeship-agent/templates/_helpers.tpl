{{- define "edgeship-agent.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "edgeship-agent.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "edgeship-agent.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What a selector matches: never changes while the release lives. */}}
{{- define "edgeship-agent.selectorLabels" -}}
app.kubernetes.io/name: {{ include "edgeship-agent.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* A whole metadata section. Takes a dict: root, name, and where wanted labels and annotations. */}}
{{- define "edgeship-agent.metadata" -}}
{{- $root := .root -}}
{{- $own := dict "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") "app.kubernetes.io/version" $root.Chart.AppVersion "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- $labels := mergeOverwrite (deepCopy $root.Values.commonLabels) (.labels | default dict | deepCopy) $own (include "edgeship-agent.selectorLabels" $root | fromYaml) -}}
{{- $annotations := mergeOverwrite (deepCopy $root.Values.commonAnnotations) (.annotations | default dict | deepCopy) -}}
name: {{ .name }}
namespace: {{ $root.Release.Namespace }}
labels: {{- toYaml $labels | nindent 2 }}
{{- with $annotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "edgeship-agent.image" -}}
{{- $registry := .Values.global.imageRegistry | default .Values.image.registry -}}
{{- if $registry }}{{ $registry }}/{{ end -}}
{{- .Values.image.repository -}}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end -}}

{{/* What cannot be left out, by name. */}}
{{- define "edgeship-agent.check" -}}
{{- if not .Values.site }}{{ fail "site: is required, the site's name" }}{{ end -}}
{{- if not .Values.objstore.existingSecret }}{{ fail "objstore.existingSecret: is required, a Secret with an objstore.yml" }}{{ end -}}
{{- if and (eq .Values.mode "companion") (not .Values.data.existingClaim) }}{{ fail "data.existingClaim: is required with mode: companion, the claim of the volume with the data" }}{{ end -}}
{{- if and (eq .Values.mode "sidecar") (not .Values.sidecar.volume) }}{{ fail "sidecar.volume: is required with mode: sidecar, the name of the volume with the data" }}{{ end -}}
{{- if and (eq .Values.mode "sidecar") (ne (eq .Values.sidecar.chart "loki") (eq .Values.source.type "loki")) }}{{ fail "sidecar.chart: loki and source.type: loki belong together" }}{{ end -}}
{{- end -}}

{{/* agent.yaml. */}}
{{- define "edgeship-agent.config" -}}
{{- $loki := eq .Values.source.type "loki" -}}
{{- $path := .Values.data.path -}}
{{- if $loki }}{{ $path = printf "%s/%s" (trimSuffix "/" $path) .Values.data.chunks }}{{ end -}}
{{- $source := dict "path" $path -}}
{{- if eq .Values.mode "sidecar" }}{{ $_ := set $source "url" (ternary "http://127.0.0.1:3100" "http://127.0.0.1:9090" $loki) }}{{ end -}}
{{- $source = mergeOverwrite $source (deepCopy .Values.source) -}}
{{- $bucket := dict "objstore" (dict "file" "/etc/edgeship/objstore/objstore.yml") -}}
{{- if $loki }}{{ $bucket = dict "logs" $bucket }}{{ end -}}
{{- $http := dict "listen" (printf ":%v" .Values.web.port) -}}
{{- if .Values.web.existingSecret }}{{ $_ := set $http "web_config_file" "/etc/edgeship/web/web.yml" }}{{ end -}}
{{- $own := dict "site" .Values.site "sources" (list $source) "http" $http -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.config) $bucket $own) -}}
{{- end -}}

{{/* The container, the same in a pod of its own and in another's. Takes a dict: root, and volume, the data's. */}}
{{- define "edgeship-agent.container" -}}
{{- $root := .root -}}
{{- with $root.Values -}}
name: edgeship-agent
image: {{ include "edgeship-agent.image" $root | quote }}
imagePullPolicy: {{ .image.pullPolicy }}
args:
- agent
- --config=/etc/edgeship/agent/agent.yaml
{{- with .extraArgs }}
{{ toYaml . }}
{{- end }}
env:
- {name: HOME, value: /tmp}
{{- with .javaOpts }}
- name: EDGESHIP_JAVA_OPTS
  value: {{ . | quote }}
{{- end }}
{{- with .extraEnv }}
{{ toYaml . }}
{{- end }}
{{- with .extraEnvFrom }}
envFrom: {{- toYaml . | nindent 0 }}
{{- end }}
ports:
- {name: http-edgeship, containerPort: {{ .web.port }}, protocol: TCP}
{{- with .livenessProbe }}
livenessProbe: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .resources }}
resources: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .securityContext }}
securityContext: {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
- name: {{ $.volume | quote }}
  mountPath: {{ .data.path | quote }}
  {{- with .data.subPath }}
  subPath: {{ . | quote }}
  {{- end }}
- {name: edgeship-config, mountPath: /etc/edgeship/agent, readOnly: true}
- {name: edgeship-objstore, mountPath: /etc/edgeship/objstore, readOnly: true}
- {name: edgeship-tmp, mountPath: /tmp}
{{- if .objstore.ca.existingConfigMap }}
- {name: edgeship-ca, mountPath: /etc/edgeship/ca, readOnly: true}
{{- end }}
{{- if .web.existingSecret }}
- {name: edgeship-web, mountPath: /etc/edgeship/web, readOnly: true}
{{- end }}
{{- with .extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* Its volumes but the data's. */}}
{{- define "edgeship-agent.volumes" -}}
- name: edgeship-config
  configMap: {name: {{ include "edgeship-agent.fullname" . }}}
- name: edgeship-objstore
  secret:
    secretName: {{ .Values.objstore.existingSecret | quote }}
    items: [{key: {{ .Values.objstore.secretKey | quote }}, path: objstore.yml}]
- name: edgeship-tmp
  emptyDir: {sizeLimit: 64Mi}
{{- with .Values.objstore.ca }}
{{- if .existingConfigMap }}
- name: edgeship-ca
  configMap:
    name: {{ .existingConfigMap | quote }}
    items: [{key: {{ .key | quote }}, path: ca.crt}]
{{- end }}
{{- end }}
{{- with .Values.web.existingSecret }}
- name: edgeship-web
  secret: {secretName: {{ . | quote }}}
{{- end }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
