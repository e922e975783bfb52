package io.crmbridge.component.inbox;

import io.crmbridge.web.Request;
import java.util.Optional;
import java.util.Set;

/**
 * The door of an inbox without a secret: only for programs of this machine, and for pages of the origins that were named. A
 * page from anywhere else that runs in a browser of this machine stays outside.
 */
record OfThisMachine(Set<String> origins) implements Door {

    @Override
    public void knock(Request request) throws Refusal {
        boolean foreignPage = request.header("Origin")
                .filter(origin -> !origins.contains(origin))
                .isPresent();
        if (!request.isLocal() || foreignPage) {
            throw new Refusal(403, "this inbox has no secret, so it takes requests of its own machine only");
        }
    }

    @Override
    public Optional<String> enter(Request request, byte[] body) {
        return Door.ownKey(request);
    }
}
