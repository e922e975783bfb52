package io.crmbridge.console;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.crmbridge.state.Store;
import java.time.Instant;
import java.util.List;

/** A gap as commands and the API show it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GapView(
        long id,
        String connection,
        String feed,
        String from,
        String to,
        String reason,
        String openedAt,
        String closedAt,
        String evidence) {

    public static List<GapView> of(Store store, boolean closedToo) {
        return store.sources().gaps(closedToo).stream()
                .map(gap -> new GapView(
                        gap.id(),
                        gap.connection(),
                        gap.feed(),
                        gap.from().toString(),
                        gap.to().toString(),
                        gap.reason(),
                        gap.openedAt().toString(),
                        gap.closedAt().map(Instant::toString).orElse(null),
                        gap.evidence().orElse(null)))
                .toList();
    }
}
