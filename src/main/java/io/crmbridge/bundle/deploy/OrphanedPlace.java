package io.crmbridge.bundle.deploy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.crmbridge.bundle.BundleReader.Reading;
import io.crmbridge.bundle.RoutePlace;
import io.crmbridge.component.NearestWord;
import io.crmbridge.state.FeedState;
import io.crmbridge.state.Store;
import io.crmbridge.state.Subscription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A place in the log that no route of a bundle goes on in. It is kept for 30 days, for when its route returns.
 *
 * @param subscription the name of the place
 * @param feed what it is in, or how many feeds
 * @param waiting how many changes wait there, not yet read
 * @param heir the new route that may be meant to go on there; null where none is near
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OrphanedPlace(String subscription, String feed, long waiting, String heir) {

    /** For a person: what it is, and what to do. */
    public String sentence() {
        String is = "the place %s in %s is left behind, where %s"
                .formatted(subscription, feed, waiting == 1 ? "1 change waits" : waiting + " changes wait");
        return is
                + (heir == null
                        ? "; it is kept for 30 days"
                        : "; to go on in its place set subscription=%s on the source of %s"
                                .formatted(subscription, heir));
    }

    /** @param store as it is before the bundle runs */
    static List<OrphanedPlace> of(Store store, Reading reading) {
        Map<String, List<Subscription>> gone = new TreeMap<>();
        Set<String> known = new TreeSet<>();
        Set<String> goOn =
                reading.places().stream().map(RoutePlace::subscription).collect(Collectors.toSet());
        for (Subscription place : store.subscriptions().all()) {
            if (place.bundle().equals(reading.config().bundle())) {
                known.add(place.name());
                if (!goOn.contains(place.name())) {
                    gone.computeIfAbsent(place.name(), name -> new ArrayList<>())
                            .add(place);
                }
            }
        }
        List<RoutePlace> fresh = reading.places().stream()
                .filter(place -> !known.contains(place.subscription()))
                .toList();
        return gone.entrySet().stream()
                .map(each -> of(store, each.getKey(), each.getValue(), fresh))
                .toList();
    }

    private static OrphanedPlace of(Store store, String name, List<Subscription> places, List<RoutePlace> fresh) {
        List<String> feeds = places.stream()
                .map(place -> store.sources()
                        .feed(place.feedId())
                        .map(FeedState::name)
                        .orElse("?"))
                .toList();
        long waiting = places.stream().mapToLong(store.subscriptions()::waiting).sum();
        return new OrphanedPlace(
                name,
                feeds.size() == 1 ? feeds.get(0) : feeds.size() + " feeds",
                waiting,
                heir(name, feeds.get(0), fresh).orElse(null));
    }

    /** A route on another feed cannot go on there. */
    private static Optional<String> heir(String name, String feed, List<RoutePlace> fresh) {
        List<String> sameFeed = fresh.stream()
                .filter(place -> Arrays.asList(feed.split("/")).contains(place.resource()))
                .map(RoutePlace::route)
                .toList();
        return sameFeed.size() == 1 ? Optional.of(sameFeed.get(0)) : NearestWord.of(name, sameFeed);
    }

    /** What becomes of all places when the bundle has another name than the one that has them. */
    static Optional<String> ofAnotherName(Store store, Reading reading) {
        String name = reading.config().bundle();
        Map<String, Long> byBundle = store.subscriptions().all().stream()
                .collect(Collectors.groupingBy(Subscription::bundle, TreeMap::new, Collectors.counting()));
        if (byBundle.isEmpty() || byBundle.containsKey(name)) {
            return Optional.empty();
        }
        String others = byBundle.entrySet().stream()
                .map(other -> "%d of %s".formatted(other.getValue(), other.getKey()))
                .collect(Collectors.joining(", "));
        return Optional.of(
                ("the name of this bundle is %s, and the places in the log are %s: none of its routes goes on in them, each begins by its startFrom."
                                + " If they are meant to go on, set bridge.bundle=%s and deploy again")
                        .formatted(name, others, byBundle.keySet().iterator().next()));
    }
}
