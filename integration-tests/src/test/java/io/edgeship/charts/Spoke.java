package io.edgeship.charts;

import static io.edgeship.charts.Rendering.at;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A site as its ApplicationSet sees it: what the matrix of cluster and files fills in.
///
/// @param root of a checkout of the repository
/// @param applicationSet its file below `deploy/gitops`
record Spoke(Path root, String applicationSet) {
    private Object source() {
        Map<?, ?> set =
                (Map<?, ?>) Chart.parse(Chart.read(root.resolve("deploy/gitops").resolve(applicationSet)));
        return at(set, "spec", "template", "spec", "source");
    }

    /// The templates of an ApplicationSet that ours uses, filled in.
    private static String fill(Object template, String site, String tier, String file) {
        String filled = template.toString()
                .replace("{{ .metadata.labels.site }}", site)
                .replace("{{ .metadata.labels.tier }}", tier)
                .replace("{{ .metadata.labels.channel }}", "stable")
                .replace("{{ .path.filename }}", file)
                .replace("{{ trimSuffix \".yaml\" .path.filename }}", file.replace(".yaml", ""));
        if (filled.contains("{{")) {
            throw new AssertionError("not known here: " + filled);
        }
        return filled;
    }

    /// What ArgoCD's Helm makes of a file in a site's folder.
    Rendering render(String site, String tier, String file) {
        Object source = source();
        Path chart = root.resolve(fill(at(source, "path"), site, tier, file));
        Path[] values = ((List<?>) at(source, "helm", "valueFiles"))
                .stream()
                        .map(each -> chart.resolve(fill(each, site, tier, file)).normalize())
                        .toArray(Path[]::new);
        return new Chart(chart).render(fill(at(source, "helm", "releaseName"), site, tier, file), values);
    }
}
