package io.crmbridge.cli;

import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.component.NearestWord;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.Verdict;
import io.crmbridge.crm.Workspace;
import io.crmbridge.state.Store;
import io.crmbridge.state.StoreException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "connection",
        mixinStandardHelpOptions = true,
        description = "Lists the bundle's connections and tests their keys.")
final class ConnectionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which one: list or test?");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the connections, without their keys.")
    int list(
            @Mixin DataOption data,
            @Mixin BundleOption bundle,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Connection> connections = config(bundle, data).crm().connections();
        if (json) {
            Output.json(
                    out,
                    connections.stream()
                            .map(c -> Map.of(
                                    "name",
                                    c.name(),
                                    "type",
                                    c.type(),
                                    "baseUrl",
                                    c.baseUrl().toString()))
                            .toList());
        } else {
            Output.table(
                    out,
                    List.of("NAME", "TYPE", "BASE URL"),
                    connections.stream()
                            .map(c -> Arrays.<Object>asList(c.name(), c.type(), c.baseUrl()))
                            .toList());
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "test",
            mixinStandardHelpOptions = true,
            description = "Asks the CRM which workspace each key answers for.")
    int test(
            @Mixin DataOption data,
            @Mixin BundleOption bundle,
            @Parameters(paramLabel = "NAME", arity = "0..1", description = "Only this connection.") String name,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        BridgeConfig config = config(bundle, data);
        List<Connection> all = config.crm().connections();
        List<String> names = all.stream().map(Connection::name).toList();
        if (name != null && !names.contains(name)) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "no connection \"%s\"%s; there are %s"
                            .formatted(name, NearestWord.hint(name, names), String.join(", ", names)));
        }
        boolean failed = false;
        List<Map<String, Object>> results = new ArrayList<>();
        for (Connection connection : all) {
            if (name == null || name.equals(connection.name())) {
                Map<String, Object> result = test(connection, config, data);
                failed |= !Boolean.TRUE.equals(result.get("ok"));
                results.add(result);
            }
        }
        if (json) {
            Output.json(out, results);
        } else {
            results.forEach(result -> out.println("%s: %s".formatted(result.get("name"), result.get("result"))));
        }
        return failed ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    private static Map<String, Object> test(Connection connection, BridgeConfig config, DataOption data) {
        boolean hasKey = config.crm().oauth(connection.name()).isEmpty();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("name", connection.name());
        try {
            Workspace workspace = hasKey
                    ? identify(Crms.of(connection, config, Clock.systemUTC()))
                    : identifyByGrant(connection, config, data);
            result.put("ok", true);
            result.put("result", "the key answers for workspace %s (%s)".formatted(workspace.name(), workspace.id()));
        } catch (CrmException e) {
            result.put("ok", false);
            result.put("result", e.getMessage() + (hasKey ? advice(e.verdict()).formatted(connection.name()) : ""));
        } catch (StoreException e) {
            result.put("ok", false);
            result.put(
                    "result",
                    e.kind() == StoreException.Kind.UNUSABLE && !data.isThere()
                            ? "consent is needed: run auth login --connection " + connection.name()
                            : e.getMessage());
        }
        return result;
    }

    private static Workspace identify(Crm crm) {
        try (crm) {
            return crm.identify();
        }
    }

    private static Workspace identifyByGrant(Connection connection, BridgeConfig config, DataOption data) {
        try (Store store = data.attach()) {
            return identify(OAuthConnections.beside(connection, config, store, Clock.systemUTC()));
        }
    }

    private static String advice(Verdict verdict) {
        return switch (verdict) {
            case REFUSED -> "; check bridge.connection.%s.api-key";
            case INVALID -> "; check bridge.connection.%s.base-url";
            case OK, RETRY, WAIT, BROKEN -> "";
        };
    }

    private static BridgeConfig config(BundleOption bundle, DataOption data) {
        return BundleReader.read(bundle.choose(data).bundle(), System.getenv()).config();
    }
}
