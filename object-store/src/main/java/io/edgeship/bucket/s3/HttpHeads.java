package io.edgeship.bucket.s3;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/// The sizes of HTTP/1.1 heads as the JDK writes and reads them, for it does not tell.
final class HttpHeads {
    private static final long LINE_END_BYTES = 2;
    private static final long SEPARATOR_BYTES = 2;

    /// What the JDK adds if the SDK does not.
    private static final Map<String, String> ADDED = Map.of("Accept", "*/*", "Connection", "keep-alive");

    private HttpHeads() {}

    static long sizeBytes(HttpExecuteRequest request) {
        SdkHttpRequest http = request.httpRequest();
        String target = http.getUri().getRawPath()
                + (http.getUri().getRawQuery() == null
                        ? ""
                        : "?" + http.getUri().getRawQuery());
        long size = (http.method() + " " + target + " HTTP/1.1").length() + LINE_END_BYTES;
        for (Map.Entry<String, List<String>> header : http.headers().entrySet()) {
            size += line(header.getKey(), String.join(",", header.getValue()));
        }
        for (Map.Entry<String, String> header : ADDED.entrySet()) {
            size += http.firstMatchingHeader(header.getKey()).isPresent()
                    ? 0
                    : line(header.getKey(), header.getValue());
        }
        if (http.firstMatchingHeader("Host").isEmpty()) {
            size += line("Host", http.getUri().getAuthority());
        }
        return size + LINE_END_BYTES;
    }

    static long sizeBytes(SdkHttpResponse response) {
        long size = ("HTTP/1.1 " + response.statusCode() + " ").length()
                + response.statusText().orElse("").length()
                + LINE_END_BYTES;
        for (Map.Entry<String, List<String>> header : response.headers().entrySet()) {
            for (String value : header.getValue()) {
                size += line(header.getKey(), value);
            }
        }
        return size + LINE_END_BYTES;
    }

    private static long line(String name, String value) {
        return name.length() + SEPARATOR_BYTES + value.length() + LINE_END_BYTES;
    }
}
