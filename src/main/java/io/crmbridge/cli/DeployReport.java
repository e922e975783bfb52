package io.crmbridge.cli;

import io.crmbridge.bundle.Swap;
import io.crmbridge.bundle.deploy.DeployAnswer;
import io.crmbridge.bundle.deploy.OrphanedPlace;
import io.crmbridge.state.Deployment;
import io.crmbridge.state.Deployment.Action;
import io.crmbridge.state.Deployment.Difference;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/** Tells what became of a deploy or a rollback. */
final class DeployReport {
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;

    DeployReport(CommandLine command, boolean json) {
        this.out = command.getOut();
        this.err = command.getErr();
        this.json = json;
    }

    /** Returns the exit code. */
    int print(DeployAnswer answer) throws IOException {
        if (json) {
            Output.json(out, answer);
        } else {
            switch (answer.outcome()) {
                case DEPLOYED -> deployed(answer);
                case UNCHANGED ->
                    out.println("nothing changed: this is what is deployed already, as deployment %d"
                            .formatted(answer.deployment().number()));
                case REFUSED -> refused(answer);
            }
        }
        return answer.outcome() == DeployAnswer.Outcome.REFUSED ? ExitCodes.FAILED : ExitCodes.DONE;
    }

    private void refused(DeployAnswer answer) {
        answer.findings().forEach(err::println);
        if (answer.error() != null) {
            err.println(answer.error());
        }
        err.println("nothing is deployed: what was deployed before is unchanged");
    }

    private void deployed(DeployAnswer answer) {
        Deployment deployment = answer.deployment();
        answer.warnings().forEach(warning -> out.println("! " + warning));
        answer.places().stream().map(OrphanedPlace::sentence).forEach(sentence -> out.println("! " + sentence));
        out.println("%s %s %s, as deployment %d"
                .formatted(
                        deployment.action() == Action.ROLLBACK ? "rolled back to" : "deployed",
                        deployment.name(),
                        deployment.version(),
                        deployment.number()));
        if (answer.swap() == null) {
            Difference routes = deployment.routes();
            routes("new", routes.added());
            routes("changed", routes.changed());
            routes("gone", routes.removed());
            out.println("No bridge runs on this data folder: it runs at the next start of `run` without --bundle.");
        } else {
            Swap swap = answer.swap();
            routes("started", swap.started());
            routes("replaced", swap.replaced());
            routes("stopped", swap.stopped());
            routes("ran on", swap.unchanged());
            swap.notes().forEach(out::println);
        }
    }

    private void routes(String what, List<String> ids) {
        if (!ids.isEmpty()) {
            out.println("  %s: %s".formatted(what, String.join(", ", ids)));
        }
    }
}
