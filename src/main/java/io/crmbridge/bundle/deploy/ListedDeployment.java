package io.crmbridge.bundle.deploy;

import io.crmbridge.state.Deployment;
import io.crmbridge.state.Deployment.Action;
import io.crmbridge.state.Deployment.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A deployment as lists show it; see {@link Deployment}.
 *
 * @param current whether it is what is deployed
 * @param running whether a bridge runs it now
 */
public record ListedDeployment(
        long number,
        String at,
        String who,
        Action action,
        String name,
        String version,
        String sha256,
        Difference files,
        Difference routes,
        boolean current,
        boolean running) {

    /**
     * Newest first.
     *
     * @param history oldest first
     * @param runs SHA-256 of what a bridge runs; empty where none runs what was deployed
     */
    public static List<ListedDeployment> of(List<Deployment> history, Optional<String> runs) {
        List<ListedDeployment> listed = new ArrayList<>();
        for (int at = history.size() - 1; at >= 0; at--) {
            Deployment it = history.get(at);
            boolean current = listed.isEmpty();
            listed.add(new ListedDeployment(
                    it.number(),
                    it.at(),
                    it.who(),
                    it.action(),
                    it.name(),
                    it.version(),
                    it.sha256(),
                    it.files(),
                    it.routes(),
                    current,
                    current && runs.filter(it.sha256()::equals).isPresent()));
        }
        return listed;
    }
}
