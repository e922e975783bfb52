package io.crmbridge.bundle;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a running bridge did to take up another version of its bundle. Lists hold route ids, sorted.
 *
 * @param started routes that were not there before, or were off
 * @param replaced routes that changed: the old one ended its current change, and the new one went on in its place
 * @param stopped routes that are gone or off now; each keeps its place in the log
 * @param unchanged routes that ran on
 * @param failures why routes did not start, empty when all is well; their old versions run on, and the bundle is not taken up
 * @param notes what a person should know besides: for example keys that take effect when the bridge is started anew
 */
public record Swap(
        List<String> started,
        List<String> replaced,
        List<String> stopped,
        List<String> unchanged,
        List<Finding> failures,
        List<String> notes) {

    /** A running bridge. */
    public interface Host {
        /**
         * Takes up another version of the bundle; one call at a time, others wait.
         *
         * @throws BundleException when the bundle has findings, and then nothing was touched
         */
        Swap swap(Bundle bundle);

        /** Of each version that some routes still are of: they may read a mapping or a template there at any time. */
        default Set<Path> folders() {
            return Set.of();
        }
    }
}
