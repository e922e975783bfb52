package io.crmbridge.state;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One line of what was deployed into a data folder. Immutable.
 *
 * @param number from 1, in order
 * @param at ISO 8601, in UTC
 * @param who asked for it
 * @param name of the bundle
 * @param version of the bundle, semantic
 * @param sha256 of the zip, in hexadecimal digits: what it consists of
 * @param files what it changed against the deployment before, by path
 * @param routes the same, by id
 */
public record Deployment(
        long number,
        String at,
        String who,
        Action action,
        String name,
        String version,
        String sha256,
        Difference files,
        Difference routes) {

    public enum Action {
        @JsonProperty("deploy")
        DEPLOY,
        @JsonProperty("rollback")
        ROLLBACK
    }

    /** Sorted names. */
    public record Difference(List<String> added, List<String> changed, List<String> removed) {
        public Difference {
            added = List.copyOf(added);
            changed = List.copyOf(changed);
            removed = List.copyOf(removed);
        }

        /** @param before fingerprint of each name; the same for {@code after} */
        public static Difference between(Map<String, String> before, Map<String, String> after) {
            Map<String, String> old = new TreeMap<>(before);
            Map<String, String> now = new TreeMap<>(after);
            return new Difference(
                    now.keySet().stream().filter(name -> !old.containsKey(name)).toList(),
                    now.keySet().stream()
                            .filter(old::containsKey)
                            .filter(name -> !Objects.equals(old.get(name), now.get(name)))
                            .toList(),
                    old.keySet().stream().filter(name -> !now.containsKey(name)).toList());
        }
    }
}
