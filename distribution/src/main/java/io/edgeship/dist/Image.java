package io.edgeship.dist;

/// The images. Which modules of the JDK each has: RATIONALE.md.
enum Image {
    AGENT(
            "edgeship-agent",
            "shipper-agent",
            "io.edgeship.agent.AgentMain",
            "agent",
            "java.base,java.logging,java.management,java.naming,java.xml,"
                    + "jdk.httpserver,jdk.management,jdk.net,jdk.unsupported"),
    CENTRAL(
            "edgeship-central",
            "compactor",
            "io.edgeship.compact.CompactMain",
            "central",
            "java.base,java.desktop,java.logging,java.management,java.naming,java.rmi,java.sql,java.xml,"
                    + "jdk.httpserver,jdk.management,jdk.net,jdk.unsupported");

    private final String title;
    private final String module;
    private final String main;
    private final String flags;
    private final String javaModules;

    Image(String title, String module, String main, String flags, String javaModules) {
        this.title = title;
        this.module = module;
        this.main = main;
        this.flags = flags;
        this.javaModules = javaModules;
    }

    /// As the charts' values name its repository.
    String title() {
        return title;
    }

    /// Whose class path it has.
    String module() {
        return module;
    }

    String main() {
        return main;
    }

    /// The file of `scripts/jvm`.
    String flags() {
        return flags;
    }

    String javaModules() {
        return javaModules;
    }
}
