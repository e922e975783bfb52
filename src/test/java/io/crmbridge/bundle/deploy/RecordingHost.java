package io.crmbridge.bundle.deploy;

import io.crmbridge.bundle.Bundle;
import io.crmbridge.bundle.BundleReader;
import io.crmbridge.bundle.Finding;
import io.crmbridge.bundle.Swap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A host that notes what it was told to take up, and fails when it is told to. */
public final class RecordingHost implements Swap.Host {
    private final List<Bundle> taken = new ArrayList<>();
    private List<Finding> failures = List.of();
    private boolean keepsFirst;
    private Runnable during = () -> {};

    public synchronized List<Bundle> taken() {
        return List.copyOf(taken);
    }

    void failsWith(Finding... reasons) {
        failures = List.of(reasons);
    }

    /** Some routes stay those of what was taken up first. */
    void keepsReadingTheFirst() {
        keepsFirst = true;
    }

    @Override
    public synchronized Set<Path> folders() {
        return keepsFirst ? Set.of(taken.get(0).folder()) : Set.of();
    }

    /** While a swap is under way. */
    void during(Runnable work) {
        during = work;
    }

    @Override
    public synchronized Swap swap(Bundle bundle) {
        during.run();
        taken.add(bundle);
        List<String> routes =
                BundleReader.read(bundle, Map.of()).routes().stream().sorted().toList();
        return new Swap(routes, List.of(), List.of(), List.of(), failures, List.of("noted"));
    }
}
