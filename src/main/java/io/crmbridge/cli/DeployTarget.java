package io.crmbridge.cli;

import io.crmbridge.bundle.deploy.DeployAnswer;
import io.crmbridge.bundle.deploy.ListedDeployment;
import io.crmbridge.bundle.deploy.Who;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where something is deployed: a data folder, or a running bridge over HTTP. */
final class DeployTarget {
    private static final String TOKEN = "CRM_BRIDGE_TOKEN";

    @Mixin
    private DataOption data;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "A running bridge in the place of a data folder, such as http://127.0.0.1:8080.")
    private String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "With --url: bridge.api.token, or what stands in api-token in the bridge's data folder. Better"
                            + " set CRM_BRIDGE_TOKEN: others on this machine see what is typed.")
    private String token;

    /** What the three commands ask. */
    interface Place {
        DeployAnswer deploy(byte[] zip, String who);

        DeployAnswer rollback(OptionalLong to, String who);

        /** Newest first. */
        List<ListedDeployment> list();
    }

    Place place() {
        String known = Optional.ofNullable(token).orElse(System.getenv(TOKEN));
        if (url == null) {
            if (token != null) {
                throw new CommandException(ExitCodes.USAGE, "--token is of no use without --url");
            }
            return new DataFolderPlace(data);
        }
        if (known == null || known.isBlank()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--url needs a token: set CRM_BRIDGE_TOKEN to bridge.api.token, or to what stands in api-token in the bridge's data folder");
        }
        return new HttpPlace(address(), known.strip());
    }

    private URI address() {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw HttpPlace.noAddress();
        }
    }

    /** @param who null where nobody said it */
    static String who(String who) {
        String name = who == null ? System.getProperty("user.name") : who;
        if (!Who.isName(name)) {
            throw new CommandException(ExitCodes.USAGE, "--who: " + Who.RULE);
        }
        return name;
    }
}
