package io.crmbridge.bundle.pack;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The names of a zip's entries, each of which must be a plain path below the bundle's folder on every system. */
final class EntryNames {
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
    private static final Pattern UNSEEN = Pattern.compile(".*[\\p{Cc}\\p{Cf}].*", Pattern.DOTALL);
    private static final int LONGEST = 400;

    /** By what they are where case does not count. */
    private final Map<String, String> seen = new HashMap<>();

    private final Set<String> files = new HashSet<>();
    private final Set<String> folders = new HashSet<>();

    static String decoded(byte[] raw) throws Suspicion {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(raw))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Suspicion(
                    "", "it has an entry whose name is not UTF-8: rename that file, and pack the bundle anew");
        }
    }

    /** @throws Suspicion when the name, or it beside those before it, is not to be trusted */
    void take(String name) throws Suspicion {
        plain(name);
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        String other = seen.put(folded(path), path);
        if (path.equals(other)) {
            throw new Suspicion(name, "the zip has it twice: which of them is meant nobody can tell");
        }
        if (other != null) {
            throw new Suspicion(
                    name,
                    "it differs from %s by case or accents alone, and on many systems one would replace the other: rename one"
                            .formatted(other));
        }
        if (!name.endsWith("/") && folders.contains(folded(path))) {
            throw new Suspicion(name, "it is a file, and the zip has others below it");
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String folder = path.substring(0, slash);
            folders.add(folded(folder));
            if (files.contains(folded(folder))) {
                throw new Suspicion(folder, "it is a file, and the zip has others below it");
            }
        }
        if (!name.endsWith("/")) {
            files.add(folded(path));
        }
    }

    private static void plain(String name) throws Suspicion {
        if (name.isEmpty() || name.length() > LONGEST || UNSEEN.matcher(name).matches()) {
            throw new Suspicion(
                    name.length() > LONGEST ? name.substring(0, LONGEST) : name,
                    "a name is 1 to %d characters, all of which can be seen".formatted(LONGEST));
        }
        if (name.contains("\\")) {
            throw new Suspicion(name, "it has a backslash, which is a folder on some systems and none on others");
        }
        if (name.startsWith("/")) {
            throw new Suspicion(name, "it is an absolute path, and a bundle stays in its folder");
        }
        if (DRIVE.matcher(name).matches()) {
            throw new Suspicion(name, "it names a drive, and a bundle stays in its folder");
        }
        List<String> parts = List.of(name.split("/", -1));
        if (parts.contains("..")) {
            throw new Suspicion(name, "it leads out of the bundle's folder");
        }
        boolean folder = name.endsWith("/");
        for (String part : folder ? parts.subList(0, parts.size() - 1) : parts) {
            if (part.isEmpty() || part.equals(".")) {
                throw new Suspicion(name, "it is no plain path: a part of it is empty or a dot");
            }
        }
    }

    private static String folded(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
