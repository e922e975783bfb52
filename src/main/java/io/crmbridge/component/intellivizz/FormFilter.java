package io.crmbridge.component.intellivizz;

import io.crmbridge.component.BridgeServices;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.FeedConsumer;
import io.crmbridge.component.Names;
import io.crmbridge.component.TargetException;
import io.crmbridge.crm.Call;
import io.crmbridge.crm.CrmException;
import io.crmbridge.crm.intellivizz.Catalogue;
import io.crmbridge.feed.Delivery;
import io.crmbridge.feed.Outcome;
import io.crmbridge.state.Change;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Submissions of one form or survey, by its id or its name. */
final class FormFilter implements FeedConsumer.Narrowing {
    private record Kind(String list, String what, String idField) {}

    /** Which list names the forms, and which field of a submission says whose it is. */
    static final Map<String, Kind> RESOURCES = new TreeMap<>(Map.of(
            "form-submissions", new Kind("forms", "form", "formId"),
            "survey-submissions", new Kind("surveys", "survey", "surveyId")));

    private static final String MOST = "5000";

    private final BridgeServices services;
    private final Kind kind;
    private final String form;

    FormFilter(BridgeServices services, String resource, String form) {
        this.services = services;
        this.kind = RESOURCES.get(resource);
        this.form = form;
    }

    @Override
    public Delivery of(Delivery route, String connection, Optional<String> location) {
        Catalogue catalogue = services.catalogues().apply(connection);
        Names names = new Names(
                kind.what(),
                new Call(
                        catalogue.find(kind.list(), "list").orElseThrow().operation(),
                        Map.of(),
                        location.map(id -> Map.of("limit", MOST, "locationId", id))
                                .orElse(Map.of("limit", MOST)),
                        Optional.empty()),
                services.runningFeeds().calls(connection),
                services.clock());
        return handover -> {
            try {
                boolean byId = handover.changes().stream().anyMatch(change -> form.equals(formOf(change)));
                String id = byId ? form : names.id(form);
                return handover.deliverOnly(change -> id.equals(formOf(change)), route);
            } catch (TargetException e) {
                // No submission is to blame.
                return new Outcome.Refused(e.getMessage());
            } catch (CrmException e) {
                return TargetException.of(e).outcome();
            }
        };
    }

    private String formOf(Change change) {
        try {
            return CrmRecord.toTree(change.body()).path(kind.idField()).asText("");
        } catch (IOException e) {
            return "";
        }
    }
}
