package io.crmbridge.bundle.test;

import com.fasterxml.jackson.databind.JsonNode;
import io.crmbridge.bundle.BridgeConfig;
import io.crmbridge.component.rehearse.Answer;
import io.crmbridge.crm.Connection;
import io.crmbridge.crm.Crm;
import io.crmbridge.crm.Secret;
import io.crmbridge.crm.impactiveai.ImpactiveAi;
import io.crmbridge.crm.impactiveai.Operations;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.crm.intellivizz.Intellivizz;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** A stand-in for each connection of a bundle, with a key or without. */
final class KnownCrms {
    private KnownCrms() {}

    /** @param known rows of each resource, as a test has them */
    static List<Crm> of(
            BridgeConfig config, JsonNode known, BiFunction<String, String, Optional<Answer>> answers, Clock clock) {
        return config.crm().connectionTypes().entrySet().stream()
                .map(connection -> (Crm) new KnownCrm(
                        new Connection(
                                connection.getKey(),
                                connection.getValue(),
                                URI.create("https://crm.example.com"),
                                new Secret("none")),
                        contract(config, connection.getKey(), connection.getValue()),
                        feed -> rows(known, connection.getValue(), feed),
                        answers,
                        clock))
                .toList();
    }

    /** A test names a resource alone, or with its CRM where both have one of the name. */
    private static JsonNode rows(JsonNode known, String type, String feed) {
        String full = type + ":" + feed;
        return known.has(full) ? known.path(full) : known.path(feed);
    }

    private static KnownCrm.Contract contract(BridgeConfig config, String connection, String type) {
        if (!type.equals(Intellivizz.TYPE)) {
            return new KnownCrm.Contract(ImpactiveAi.FEEDS, Operations.ALL, ImpactiveAi::writeRules);
        }
        Catalogue catalogue = config.crm().catalogue(connection);
        boolean agency = config.crm().account(connection).isAgency();
        return new KnownCrm.Contract(
                Intellivizz.feeds(catalogue, agency),
                catalogue.all(),
                (caller, clock) -> Intellivizz.writeRules(catalogue, caller, clock));
    }
}
