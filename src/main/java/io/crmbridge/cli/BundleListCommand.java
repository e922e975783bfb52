package io.crmbridge.cli;

import io.crmbridge.bundle.deploy.ListedDeployment;
import io.crmbridge.state.Deployment.Action;
import io.crmbridge.state.Deployment.Difference;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists what was deployed, newest first: who, when, which version, and what it changed.")
final class BundleListCommand implements Callable<Integer> {
    @Mixin
    private DeployTarget target;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<ListedDeployment> all = target.place().list();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Output.json(out, all);
        } else if (all.isEmpty()) {
            out.println("nothing is deployed; deploy DIR does it");
        } else {
            Output.table(
                    out,
                    List.of("NUMBER", "STATE", "AT", "WHO", "WHAT", "BUNDLE", "VERSION", "SHA256", "ROUTES", "FILES"),
                    all.stream()
                            .map(it -> Arrays.<Object>asList(
                                    it.number(),
                                    !it.current() ? "" : it.running() ? "current, runs" : "current",
                                    it.at(),
                                    it.who(),
                                    it.action() == Action.DEPLOY ? "deploy" : "rollback",
                                    it.name(),
                                    it.version(),
                                    it.sha256().substring(0, 12),
                                    counts(it.routes()),
                                    counts(it.files())))
                            .toList());
        }
        return ExitCodes.DONE;
    }

    /** {@code +1 ~2 -1}: added, changed, removed. */
    private static String counts(Difference difference) {
        List<String> counts = new ArrayList<>();
        add(counts, "+", difference.added());
        add(counts, "~", difference.changed());
        add(counts, "-", difference.removed());
        return counts.isEmpty() ? "as before" : String.join(" ", counts);
    }

    private static void add(List<String> counts, String sign, List<String> names) {
        if (!names.isEmpty()) {
            counts.add(sign + names.size());
        }
    }
}
