package io.crmbridge.sandbox.intellivizz;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The stages of a pipeline. */
final class Stages {
    private Stages() {}

    /** Their names by their ids, in order. */
    static Map<String, String> of(Row pipeline) {
        Map<String, String> names = new LinkedHashMap<>();
        if (pipeline.fields().get("stages") instanceof List<?> stages) {
            for (Object stage : stages) {
                if (stage instanceof Map<?, ?> fields) {
                    names.put(String.valueOf(fields.get("id")), String.valueOf(fields.get("name")));
                }
            }
        }
        return names;
    }
}
