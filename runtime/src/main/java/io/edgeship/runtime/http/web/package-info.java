/// Who may ask the HTTP server, and how: TLS, client certificates, basic auth and headers, in the format of the
/// Prometheus exporter-toolkit's `web.yml`. `docs/reference/web.md` lists its keys.
@NullMarked
package io.edgeship.runtime.http.web;

import org.jspecify.annotations.NullMarked;
