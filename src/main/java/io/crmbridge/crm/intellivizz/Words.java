package io.crmbridge.crm.intellivizz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the words of a collection mean, whoever wrote it. */
final class Words {
    /** Parts of a path that say nothing of what it is about. */
    private static final Pattern NOISE =
            Pattern.compile("v\\d+([._]\\d+)*|api|rest|crm|public|external|open|integration");

    private static final Pattern SECRET_NAME = Pattern.compile(
            "(?i).*(secret|passw|passphrase|pwd|api.?key|access.?key|private.?key|token|bearer|credential|signature"
                    + "|authorization|cookie|session).*|(?i)key|auth");
    private static final Pattern SECRET_VALUE = Pattern.compile(
            "(?i)(bearer|basic) +\\S.*|eyJ[\\w-]+\\..*|(pit|sk|pk|ghp|xox[a-z])[-_][\\w-]{8,}|[A-Za-z0-9+/_=-]{32,}");

    private static final Map<String, String> RESOURCES = Map.ofEntries(
            Map.entry("contact", "contacts"),
            Map.entry("person", "contacts"),
            Map.entry("lead", "contacts"),
            Map.entry("tag", "tags"),
            Map.entry("note", "notes"),
            Map.entry("customfield", "custom-fields"),
            Map.entry("conversation", "conversations"),
            Map.entry("message", "messages"),
            Map.entry("calendar", "calendars"),
            Map.entry("appointment", "appointments"),
            Map.entry("booking", "appointments"),
            Map.entry("opportunity", "opportunities"),
            Map.entry("deal", "opportunities"),
            Map.entry("pipeline", "pipelines"),
            Map.entry("workflow", "workflows"),
            Map.entry("workflowrun", "workflow-runs"),
            Map.entry("workflowexecution", "workflow-runs"),
            Map.entry("form", "forms"),
            Map.entry("formsubmission", "form-submissions"),
            Map.entry("survey", "surveys"),
            Map.entry("surveysubmission", "survey-submissions"),
            Map.entry("invoice", "invoices"),
            Map.entry("transaction", "transactions"),
            Map.entry("member", "members"),
            Map.entry("course", "courses"),
            Map.entry("progress", "course-progress"),
            Map.entry("courseprogress", "course-progress"),
            Map.entry("location", "locations"),
            Map.entry("subaccount", "locations"),
            Map.entry("bulkexport", "bulk-export"));
    /** Words that mean something only behind another: the other, the word, what both are. */
    private static final List<List<String>> BEHIND = List.of(
            List.of("form", "submission", "form-submissions"),
            List.of("form", "response", "form-submissions"),
            List.of("survey", "submission", "survey-submissions"),
            List.of("survey", "response", "survey-submissions"),
            List.of("workflow", "run", "workflow-runs"),
            List.of("workflow", "execution", "workflow-runs"),
            List.of("calendar", "event", "appointments"),
            List.of("bulk", "export", "bulk-export"));

    private static final Map<String, Set<String>> ACTIONS = Map.ofEntries(
            Map.entry("create", Set.of("create", "add", "new")),
            Map.entry("add", Set.of("add", "assign", "create")),
            Map.entry("remove", Set.of("remove", "delete", "unassign")),
            Map.entry("get", Set.of("get", "retrieve", "fetch", "read", "view", "show")),
            Map.entry("list", Set.of("list", "all", "search", "export", "query", "filter")),
            Map.entry("search", Set.of("search", "find", "lookup", "query", "filter")),
            Map.entry("update", Set.of("update", "edit", "modify", "change")),
            Map.entry("upsert", Set.of("upsert")),
            Map.entry("delete", Set.of("delete", "remove")),
            Map.entry("send", Set.of("send")),
            Map.entry("thread", Set.of("thread", "read", "get", "list")),
            Map.entry("move", Set.of("move", "stage")),
            Map.entry("reschedule", Set.of("reschedule")),
            Map.entry("cancel", Set.of("cancel")),
            Map.entry("trigger", Set.of("trigger", "start", "enroll", "add", "run")),
            Map.entry("start", Set.of("start", "create")),
            Map.entry("rows", Set.of("row", "result", "download")));

    private static final Map<String, String> VALUES = values();

    private Words() {}

    private static Map<String, String> values() {
        Map<String, String> names = new HashMap<>();
        put(names, "locationId", "locationid", "location", "altid", "subaccountid", "subaccount");
        put(names, "agencyId", "companyid", "agencyid", "agency");
        put(names, "limit", "limit", "pagelimit", "pagesize", "perpage", "maxresults", "take");
        put(names, "page", "page", "pagenumber", "pageno", "pageindex");
        put(names, "offset", "offset", "skip");
        put(names, "startAfter", "startafter", "startafterdate");
        put(names, "startAfterId", "startafterid");
        put(names, "searchAfter", "searchafter");
        put(names, "cursor", "cursor", "nextcursor", "pagecursor", "pagetoken", "nextpagetoken", "nexttoken");
        put(names, "cursor", "continuationtoken", "lastmessageid");
        put(names, "since", "since", "updatedafter", "updatedsince", "modifiedafter", "modifiedsince", "changedsince");
        put(names, "since", "startat", "startdate", "from", "fromdate", "datefrom", "updatedfrom", "gte", "gt");
        put(names, "until", "until", "endat", "enddate", "to", "todate", "dateto", "updatedto", "updatedbefore", "lte");
        put(names, "until", "lt");
        return Map.copyOf(names);
    }

    private static void put(Map<String, String> names, String placeholder, String... canonical) {
        for (String name : canonical) {
            names.put(name, placeholder);
        }
    }

    /** Small, in the singular, without what stands between words. */
    static String canonical(String text) {
        String word = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        if (word.equals("people") || word.equals("persons")) {
            return "person";
        }
        if (word.endsWith("ies") && word.length() > 4) {
            return word.substring(0, word.length() - 3) + "y";
        }
        return word.endsWith("s") && !word.endsWith("ss") && word.length() > 3
                ? word.substring(0, word.length() - 1)
                : word;
    }

    /** Words of a name in its order, each alone and each with its next. */
    static List<String> tokens(String text) {
        List<String> single = Arrays.stream(
                        text.replaceAll("([a-z0-9])([A-Z])", "$1 $2").split("[^A-Za-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .map(Words::canonical)
                .toList();
        List<String> words = new ArrayList<>(single);
        for (int i = 1; i < single.size(); i++) {
            words.add(single.get(i - 1) + single.get(i));
        }
        return words;
    }

    /** @param segment of a path */
    static boolean noise(String segment) {
        return NOISE.matcher(segment.toLowerCase(Locale.ROOT)).matches();
    }

    /** @param before canonical words that stand before it */
    static Optional<String> resource(String canonical, Set<String> before) {
        return BEHIND.stream()
                .filter(rule -> rule.get(1).equals(canonical) && before.contains(rule.get(0)))
                .map(rule -> rule.get(2))
                .findFirst()
                .or(() -> Optional.ofNullable(RESOURCES.get(canonical)));
    }

    /** Every resource that a name tells of; one that is a part of another word is not meant. */
    static Set<String> resources(String name) {
        List<String> words = tokens(name);
        Set<String> found = new LinkedHashSet<>();
        words.forEach(word -> resource(word, Set.copyOf(words)).ifPresent(found::add));
        if (found.contains("form-submissions")) {
            found.remove("forms");
        }
        if (found.contains("survey-submissions")) {
            found.remove("surveys");
        }
        if (found.contains("workflow-runs")) {
            found.remove("workflows");
        }
        if (found.contains("course-progress")) {
            found.remove("courses");
        }
        return found;
    }

    static Set<String> actions(String operation) {
        return ACTIONS.getOrDefault(operation, Set.of());
    }

    /** The placeholder whose value this is, by its name. */
    static Optional<String> value(String name) {
        return Optional.ofNullable(VALUES.get(plain(name)));
    }

    static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    /** Whether something with this name is kept from everybody; what a page is asked with is not. */
    static boolean secretName(String name) {
        return value(name).isEmpty() && SECRET_NAME.matcher(name).matches();
    }

    static boolean secretValue(String value) {
        return SECRET_VALUE.matcher(value.strip()).matches();
    }
}
