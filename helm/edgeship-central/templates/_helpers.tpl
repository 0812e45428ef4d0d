{{- define "edgeship-central.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "edgeship-central.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "edgeship-central.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What a selector matches: never changes while the release lives. Takes a dict: root and, where wanted, component. */}}
{{- define "edgeship-central.selectorLabels" -}}
app.kubernetes.io/name: {{ include "edgeship-central.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end -}}

{{/* A whole metadata section. Takes a dict: root, name, and where wanted component, labels and annotations. */}}
{{- define "edgeship-central.metadata" -}}
{{- $root := .root -}}
{{- $own := dict "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_") "app.kubernetes.io/version" $root.Chart.AppVersion "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- $labels := mergeOverwrite (deepCopy $root.Values.commonLabels) (.labels | default dict | deepCopy) $own (include "edgeship-central.selectorLabels" . | fromYaml) -}}
{{- $annotations := mergeOverwrite (deepCopy $root.Values.commonAnnotations) (.annotations | default dict | deepCopy) -}}
name: {{ .name }}
namespace: {{ $root.Release.Namespace }}
labels: {{- toYaml $labels | nindent 2 }}
{{- with $annotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "edgeship-central.image" -}}
{{- $registry := .Values.global.imageRegistry | default .Values.image.registry -}}
{{- if $registry }}{{ $registry }}/{{ end -}}
{{- .Values.image.repository -}}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end -}}
{{- end -}}

{{/* What cannot be left out, by name. */}}
{{- define "edgeship-central.check" -}}
{{- if not .Values.objstore.existingSecret }}{{ fail "objstore.existingSecret: is required, a Secret with an objstore.yml" }}{{ end -}}
{{- $logs := .Values.config.logs | default dict -}}
{{- if and .Values.logs.objstore.existingSecret (not $logs.loki) }}{{ fail "config.logs.loki: is required with logs.objstore.existingSecret, the central Loki's url or config_file" }}{{ end -}}
{{- if and $logs (not .Values.logs.objstore.existingSecret) }}{{ fail "logs.objstore.existingSecret: is required with config.logs, a Secret with the objstore.yml of the central Loki's bucket" }}{{ end -}}
{{- end -}}

{{/* compactor.yaml, which the fleet server reads too. */}}
{{- define "edgeship-central.config" -}}
{{- $http := dict "listen" (printf ":%v" .Values.compactor.port) -}}
{{- $fleet := dict "listen" (printf ":%v" .Values.fleet.port) -}}
{{- if .Values.web.existingSecret -}}
{{- $_ := set $http "web_config_file" "/etc/edgeship/web/web.yml" -}}
{{- $_ := set $fleet "web_config_file" "/etc/edgeship/web/web.yml" -}}
{{- end -}}
{{- $own := dict "objstore" (dict "file" "/etc/edgeship/objstore/objstore.yml") "http" $http "fleet" (dict "http" $fleet) -}}
{{- if .Values.logs.objstore.existingSecret }}{{ $_ := set $own "logs" (dict "objstore" (dict "file" "/etc/edgeship/logs-objstore/objstore.yml")) }}{{ end -}}
{{- toYaml (mergeOverwrite (deepCopy .Values.config) $own) -}}
{{- end -}}

{{/* A pod, metadata and spec. Takes a dict: root, component, values (the component's), args, restart (Never or Always), cache. */}}
{{- define "edgeship-central.pod" -}}
{{- $root := .root -}}
metadata:
  labels: {{- mergeOverwrite (deepCopy $root.Values.commonLabels) (deepCopy .values.podLabels) (include "edgeship-central.selectorLabels" . | fromYaml) | toYaml | nindent 4 }}
  annotations:
    checksum/config: {{ include "edgeship-central.config" $root | sha256sum }}
    {{- with .values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
spec:
  restartPolicy: {{ .restart }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  terminationGracePeriodSeconds: {{ .values.terminationGracePeriodSeconds }}
  {{- with $root.Values }}
  {{- if or .serviceAccount.create .serviceAccount.name }}
  serviceAccountName: {{ .serviceAccount.name | default (include "edgeship-central.fullname" $root) | quote }}
  {{- end }}
  {{- with concat .global.imagePullSecrets .imagePullSecrets }}
  imagePullSecrets:
  {{- range . }}
  - name: {{ . | quote }}
  {{- end }}
  {{- end }}
  {{- with .priorityClassName }}
  priorityClassName: {{ . | quote }}
  {{- end }}
  {{- with .podSecurityContext }}
  securityContext: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .tolerations }}
  tolerations: {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- with .affinity }}
  affinity: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .extraPodSpec }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- end }}
  containers:
  - {{- include "edgeship-central.container" . | nindent 4 }}
  volumes: {{- include "edgeship-central.volumes" . | nindent 2 }}
{{- end -}}

{{- define "edgeship-central.container" -}}
name: {{ .component }}
image: {{ include "edgeship-central.image" .root | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: {{- concat .args .values.extraArgs | toYaml | nindent 0 }}
env:
- {name: HOME, value: /tmp}
{{- with .values.javaOpts }}
- name: EDGESHIP_JAVA_OPTS
  value: {{ . | quote }}
{{- end }}
{{- if .cache }}
- {name: EDGESHIP_CACHE_DIR, value: /var/cache/edgeship}
{{- end }}
{{- with .root.Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- with .root.Values.extraEnvFrom }}
envFrom: {{- toYaml . | nindent 0 }}
{{- end }}
{{- if eq .restart "Always" }}
ports:
- {name: http, containerPort: {{ .values.port }}, protocol: TCP}
{{- with .values.livenessProbe }}
livenessProbe: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.readinessProbe }}
readinessProbe: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with .values.resources }}
resources: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.securityContext }}
securityContext: {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
- {name: config, mountPath: /etc/edgeship/central, readOnly: true}
- {name: objstore, mountPath: /etc/edgeship/objstore, readOnly: true}
{{- if .root.Values.logs.objstore.existingSecret }}
- {name: logs-objstore, mountPath: /etc/edgeship/logs-objstore, readOnly: true}
{{- end }}
- {name: tmp, mountPath: /tmp}
{{- if .cache }}
- {name: cache, mountPath: /var/cache/edgeship}
{{- end }}
{{- if .root.Values.objstore.ca.existingConfigMap }}
- {name: ca, mountPath: /etc/edgeship/ca, readOnly: true}
{{- end }}
{{- if .root.Values.web.existingSecret }}
- {name: web, mountPath: /etc/edgeship/web, readOnly: true}
{{- end }}
{{- with .root.Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "edgeship-central.volumes" -}}
- name: config
  configMap: {name: {{ include "edgeship-central.fullname" .root }}}
- name: objstore
  secret:
    secretName: {{ .root.Values.objstore.existingSecret | quote }}
    items: [{key: {{ .root.Values.objstore.secretKey | quote }}, path: objstore.yml}]
{{- with .root.Values.logs.objstore }}
{{- if .existingSecret }}
- name: logs-objstore
  secret:
    secretName: {{ .existingSecret | quote }}
    items: [{key: {{ .secretKey | quote }}, path: objstore.yml}]
{{- end }}
{{- end }}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
{{- if .cache }}
- name: cache
  persistentVolumeClaim: {claimName: {{ .root.Values.compactor.cache.existingClaim | default (printf "%s-cache" (include "edgeship-central.fullname" .root)) | quote }}}
{{- end }}
{{- with .root.Values.objstore.ca }}
{{- if .existingConfigMap }}
- name: ca
  configMap:
    name: {{ .existingConfigMap | quote }}
    items: [{key: {{ .key | quote }}, path: ca.crt}]
{{- end }}
{{- end }}
{{- with .root.Values.web.existingSecret }}
- name: web
  secret: {secretName: {{ . | quote }}}
{{- end }}
{{- with .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "edgeship-central.compactorPod" -}}
{{- $once := eq .Values.compactor.kind "CronJob" -}}
{{- $args := list "compact" "--config=/etc/edgeship/central/compactor.yaml" -}}
{{- if $once }}{{ $args = append $args "--once" }}{{ end -}}
{{- include "edgeship-central.pod" (dict "root" . "component" "compactor" "values" .Values.compactor "args" $args "restart" (ternary "Never" "Always" $once) "cache" .Values.compactor.cache.enabled) -}}
{{- end -}}
