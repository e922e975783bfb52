package io.crmbridge.crm.intellivizz;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a Postman collection v2.1. Secrets stay behind, and scripts are not looked into. Not thread-safe. */
final class PostmanCollection {
    static final long MOST_BYTES = 50L << 20;
    static final int MOST_REQUESTS = 5_000;
    private static final int DEEPEST = 200;
    private static final int LONGEST_VALUE = 4_000;
    private static final int LONGEST_NAME = 200;
    private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([^{}]+?)\\s*}}");
    /** An example stands where an id is to be given. */
    private static final Pattern ID = Pattern.compile(
            "\\d{4,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|(?=.*\\d)(?=.*[A-Za-z])\\w{12,}");

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private final Map<String, String> variables = new LinkedHashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final Set<String> secrets = new LinkedHashSet<>();
    private final Set<String> scripts = new LinkedHashSet<>();
    private final Set<String> auth = new LinkedHashSet<>();
    private final Set<String> remarks = new LinkedHashSet<>();
    private final Map<String, String> oauth = new LinkedHashMap<>();
    private String name = "";

    private PostmanCollection() {}

    /** @throws IllegalArgumentException when it is none, or larger or deeper than a collection is */
    static PostmanCollection read(Path file) {
        PostmanCollection collection = new PostmanCollection();
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException(
                        "%s has more than %d MB: no collection is that large".formatted(file, MOST_BYTES >> 20));
            }
            collection.collection(file, JSON.readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s is no Postman collection v2.1: it is no JSON%s, or nested deeper than %d"
                            .formatted(
                                    file,
                                    e.getLocation() == null
                                            ? ""
                                            : " in line " + e.getLocation().getLineNr(),
                                    DEEPEST));
        } catch (IOException e) {
            throw new IllegalArgumentException("%s cannot be read".formatted(file), e);
        }
        return collection;
    }

    String name() {
        return name;
    }

    List<Sample> samples() {
        return List.copyOf(samples);
    }

    List<String> secrets() {
        return List.copyOf(secrets);
    }

    List<String> scripts() {
        return List.copyOf(scripts);
    }

    List<String> auth() {
        return List.copyOf(auth);
    }

    List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** {@code authUrl} and {@code accessTokenUrl}, as far as the collection has them. */
    Map<String, String> oauth() {
        return Map.copyOf(oauth);
    }

    private void collection(Path file, JsonNode read) {
        JsonNode root = read.path("collection").isObject() ? read.path("collection") : read;
        String schema = root.path("info").path("schema").asText();
        if (!schema.contains("/v2.1") || !root.path("item").isArray()) {
            String is = schema.contains("/v2.0")
                    ? "a collection v2.0"
                    : root.path("requests").isArray()
                            ? "a collection v1"
                            : root.has("values") ? "an environment" : "something else";
            throw new IllegalArgumentException(
                    "%s is %s; a Postman collection v2.1 is expected: export it in Postman as \"Collection v2.1\""
                            .formatted(file, is));
        }
        name = name(root.path("info"));
        variables(root, "the collection");
        holder(root, "the collection");
        items(root.path("item"), List.of());
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("%s has no request in it: export the whole collection".formatted(file));
        }
    }

    private void items(JsonNode items, List<String> folders) {
        for (JsonNode item : items) {
            String itemName = name(item);
            String place = String.join(" / ", plus(folders, itemName));
            holder(item, place);
            if (item.path("item").isArray()) {
                variables(item, place);
                items(item.path("item"), plus(folders, itemName));
            } else if (item.has("request")) {
                if (samples.size() == MOST_REQUESTS) {
                    throw new IllegalArgumentException(
                            "the collection has more than %d requests".formatted(MOST_REQUESTS));
                }
                request(item, place, folders, itemName);
            }
        }
    }

    /** One line, as long as a name is. */
    private static String name(JsonNode item) {
        String text = item.path("name").asText("").strip().replaceAll("\\p{Cntrl}", " ");
        return text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) : text;
    }

    private static List<String> plus(List<String> folders, String last) {
        List<String> names = new ArrayList<>(folders);
        names.add(last);
        return names;
    }

    /** What a collection, a folder and a request all may have. */
    private void holder(JsonNode node, String place) {
        for (JsonNode event : node.path("event")) {
            if (!event.path("script").path("exec").isEmpty()
                    || !event.path("script").path("exec").asText().isBlank()) {
                scripts.add("%s: %s".formatted(place, event.path("listen").asText("script")));
            }
        }
        auth(node.path("auth"), place);
    }

    private void auth(JsonNode given, String place) {
        String type = given.path("type").asText();
        if (type.isEmpty()) {
            return;
        }
        auth.add("%s: %s".formatted(place, type));
        if (!Set.of("bearer", "oauth2", "noauth").contains(type)) {
            remarks.add(
                    "%s: auth %s is none that the bridge knows; it sends Authorization: Bearer".formatted(place, type));
        }
        for (JsonNode parameter : given.path(type)) {
            String key = parameter.path("key").asText();
            String value = parameter.path("value").asText();
            if (key.equals("authUrl") || key.equals("accessTokenUrl")) {
                oauth.putIfAbsent(key, resolve(value));
            } else if (!value.isBlank()
                    && !VARIABLE.matcher(value).matches()
                    && (!key.equals("key") && Words.secretName(key)
                            || Words.secretValue(value)
                            || Set.of("value", "username").contains(key))) {
                secrets.add("%s: %s of auth %s".formatted(place, key, type));
            }
        }
    }

    private void variables(JsonNode holder, String place) {
        for (JsonNode variable : holder.path("variable")) {
            String key = variable.path("key").asText(variable.path("id").asText());
            String value = variable.path("value").asText();
            if (value.isBlank() || variable.path("disabled").asBoolean()) {
                continue;
            }
            if (variable.path("type").asText().equals("secret") || Words.secretName(key) || Words.secretValue(value)) {
                secrets.add("%s: variable %s".formatted(place, key));
            } else {
                variables.putIfAbsent(key, value);
            }
        }
    }

    /** With the collection's variables, those that have none left as they are; no longer than an address is. */
    private String resolve(String text) {
        String resolved = text;
        for (int round = 0; round < 5 && VARIABLE.matcher(resolved).find(); round++) {
            resolved = VARIABLE.matcher(resolved)
                    .replaceAll(variable ->
                            Matcher.quoteReplacement(variables.getOrDefault(variable.group(1), variable.group())));
            if (resolved.length() > LONGEST_VALUE) {
                return text;
            }
        }
        return resolved;
    }

    private void request(JsonNode item, String place, List<String> folders, String itemName) {
        JsonNode request = item.path("request");
        if (request.isObject()) {
            auth(request.path("auth"), place);
        }
        JsonNode url = request.isObject() ? request.path("url") : request;
        List<String> disabled = new ArrayList<>();
        String raw = raw(url).replaceAll("\\p{Cntrl}", "");
        if (raw.length() > LONGEST_VALUE) {
            remarks.add(
                    "%s: its address is longer than %d characters and is not taken".formatted(place, LONGEST_VALUE));
            return;
        }
        int fragment = raw.indexOf('#');
        String address = fragment < 0 ? raw : raw.substring(0, fragment);
        int mark = address.indexOf('?');
        Matcher parts = Pattern.compile("((?:[a-zA-Z][\\w+.-]*://)?[^/]*)(.*)")
                .matcher(mark < 0 ? address : address.substring(0, mark));
        parts.matches();
        String host = parts.group(1);
        String whole = resolve(host);
        samples.add(new Sample(
                place,
                folders,
                itemName,
                request.path("method").asText("GET").toUpperCase(Locale.ROOT),
                base(whole, place),
                segments(parts.group(2)),
                url.path("query").isArray()
                        ? pairs(url.path("query"), "query parameter", place, disabled)
                        : mark < 0 ? Map.of() : query(address.substring(mark + 1), place),
                request.path("header").isArray() ? pairs(request.path("header"), "header", place, disabled) : Map.of(),
                body(request.path("body"), place, disabled),
                request.path("body").path("disabled").asBoolean()
                        ? ""
                        : request.path("body").path("mode").asText(),
                answer(item, place),
                disabled));
    }

    /** The address as one text, without its query where that is listed. */
    private static String raw(JsonNode url) {
        if (url.isTextual()) {
            return url.asText().strip();
        }
        if (url.path("path").isMissingNode()) {
            return url.path("raw").asText().strip();
        }
        String host = joined(url.path("host"), ".");
        String protocol = url.path("protocol").asText();
        String port = url.path("port").asText();
        String path = joined(url.path("path"), "/");
        return (protocol.isEmpty() || host.contains("://") ? "" : protocol + "://")
                + host
                + (port.isEmpty() ? "" : ":" + port)
                + (path.startsWith("/") ? "" : "/")
                + path;
    }

    private static String joined(JsonNode parts, String between) {
        if (!parts.isArray()) {
            return parts.asText();
        }
        List<String> texts = new ArrayList<>();
        parts.forEach(part -> texts.add(part.isObject() ? part.path("value").asText() : part.asText()));
        return String.join(between, texts);
    }

    private String base(String host, String place) {
        if (VARIABLE.matcher(host).find()) {
            return "";
        }
        String address = host.isEmpty() || host.contains("://") ? host : "https://" + host;
        int user = address.indexOf('@');
        if (user >= 0) {
            secrets.add("%s: user in the address".formatted(place));
            address = address.substring(0, address.indexOf("://") + 3) + address.substring(user + 1);
        }
        return address.replaceAll("[?#].*", "").replaceAll("/+$", "");
    }

    private List<String> segments(String path) {
        List<String> segments =
                new ArrayList<>(Arrays.asList(path.replaceFirst("^/", "").split("/", -1)));
        segments.replaceAll(this::segment);
        for (int i = segments.size() - 2; i >= 0; i--) {
            if (segments.get(i).isEmpty()) {
                segments.remove(i);
            }
        }
        segments.removeIf(segment -> segment.equals(".") || segment.equals(".."));
        return segments;
    }

    private String segment(String segment) {
        if (segment.startsWith(":")) {
            return "{" + word(segment.substring(1)) + "}";
        }
        String version = resolve(segment);
        if (VARIABLE.matcher(segment).matches() && Words.noise(version)) {
            return version;
        }
        if (VARIABLE.matcher(segment).find()) {
            return VARIABLE.matcher(segment).replaceAll(variable -> "{" + word(variable.group(1)) + "}");
        }
        if (segment.matches("\\{\\w+}")) {
            return segment;
        }
        return ID.matcher(segment).matches() || segment.contains("@") || Words.secretValue(segment)
                ? "{id}"
                : segment.replaceAll("[^A-Za-z0-9._~!$&'()*+,;=:@-]", "");
    }

    private static String word(String name) {
        String word = name.replaceAll("\\W+", "_");
        return word.isEmpty() ? "id" : word;
    }

    private Map<String, String> query(String text, String place) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (!key.isBlank()) {
                keep(query, key, equals < 0 ? "" : pair.substring(equals + 1), "query parameter", place);
            }
        }
        return query;
    }

    private Map<String, String> pairs(JsonNode list, String what, String place, List<String> disabled) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (JsonNode pair : list) {
            String key = pair.path("key").asText();
            if (key.isBlank()) {
                continue;
            }
            if (pair.path("disabled").asBoolean()) {
                disabled.add("%s %s".formatted(what, key));
                if (Words.secretName(key) && !pair.path("value").asText().isBlank()) {
                    secrets.add("%s: %s %s".formatted(place, what, key));
                }
            } else {
                keep(pairs, key, pair.path("value").asText(), what, place);
            }
        }
        return pairs;
    }

    private void keep(Map<String, String> pairs, String key, String value, String what, String place) {
        boolean variable = VARIABLE.matcher(value).matches();
        if (Words.secretName(key)
                || !variable && Words.secretValue(value) && Words.value(key).isEmpty()) {
            if (!variable && !value.isBlank()) {
                secrets.add("%s: %s %s".formatted(place, what, key));
            }
            return;
        }
        // A version is a variable often, and what else has one is told by the variable's name.
        pairs.put(key, key.equalsIgnoreCase("Version") ? resolve(value) : value);
    }

    private Optional<JsonNode> body(JsonNode body, String place, List<String> disabled) {
        if (body.path("disabled").asBoolean()) {
            disabled.add("body");
            return Optional.empty();
        }
        String mode = body.path("mode").asText();
        switch (mode) {
            case "" -> {
                return Optional.empty();
            }
            case "raw" -> {
                String text = body.path("raw").asText();
                Optional<JsonNode> json = json(text, place, "body");
                if (json.isEmpty() && !text.isBlank()) {
                    remarks.add("%s: its body is no JSON and is not used".formatted(place));
                }
                return json;
            }
            case "urlencoded", "formdata" -> {
                remarks.add("%s: its body is %s, and the bridge sends JSON with the same names".formatted(place, mode));
                ObjectNode json = JsonNodeFactory.instance.objectNode();
                pairs(body.path(mode), "body member", place, disabled).forEach(json::put);
                return Optional.of(json);
            }
            default -> {
                remarks.add("%s: its body is of mode %s and is not used".formatted(place, mode));
                return Optional.empty();
            }
        }
    }

    private Optional<JsonNode> answer(JsonNode item, String place) {
        Optional<JsonNode> first = Optional.empty();
        for (JsonNode response : item.path("response")) {
            Optional<JsonNode> json = json(response.path("body").asText(), place, "example of an answer");
            int code = response.path("code").asInt(200);
            first = first.or(() -> code / 100 == 2 ? json : Optional.empty());
        }
        return first;
    }

    private Optional<JsonNode> json(String text, String place, String what) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(quoted(text));
            if (json == null || !json.isContainerNode()) {
                return Optional.empty();
            }
            strip(json, place, what, "");
            return Optional.of(json);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Variables that stand where JSON wants a value become texts. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder();
        boolean inText = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int end = !inText && text.startsWith("{{", i)
                    ? text.substring(i, Math.min(text.length(), i + LONGEST_NAME))
                                    .indexOf("}}")
                            + i
                    : -1;
            if (end > i && VARIABLE.matcher(text.substring(i, end + 2)).matches()) {
                quoted.append('"').append(text, i, end + 2).append('"');
                i = end + 1;
                continue;
            }
            quoted.append(c);
            if (inText && c == '\\' && i + 1 < text.length()) {
                quoted.append(text.charAt(++i));
            } else if (c == '"') {
                inText = !inText;
            }
        }
        return quoted.toString();
    }

    private void strip(JsonNode node, String place, String what, String path) {
        if (node instanceof ObjectNode object) {
            for (String member :
                    object.properties().stream().map(Map.Entry::getKey).toList()) {
                JsonNode value = object.get(member);
                boolean text = value.isValueNode() && !value.asText().isBlank();
                if (text
                        && !VARIABLE.matcher(value.asText()).matches()
                        && Words.value(member).isEmpty()
                        && (Words.secretName(member) || Words.secretValue(value.asText()))) {
                    secrets.add("%s: %s of its %s".formatted(place, path + member, what));
                    object.remove(member);
                } else {
                    strip(value, place, what, path + member + ".");
                }
            }
        } else {
            node.forEach(element -> strip(element, place, what, path));
        }
    }
}
