package io.crmbridge.component.inbox;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a first reading of a CSV file finds: what it is known by, and in what its text is written.
 *
 * @param mark how many bytes at its beginning tell its charset, and are no text
 * @param text whether it can be text at all, which a spreadsheet's own file is not
 */
record CsvSurvey(String sha256, Charset charset, int mark, boolean text) {
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    static CsvSurvey of(InputStream content) throws IOException {
        MessageDigest digest = digest();
        Utf8Check utf8 = new Utf8Check();
        byte[] buffer = new byte[1 << 16];
        int length = content.readNBytes(buffer, 0, 4);
        boolean utf8Mark = begins(buffer, length, 0xEF, 0xBB, 0xBF);
        boolean littleEndian = begins(buffer, length, 0xFF, 0xFE);
        boolean bigEndian = begins(buffer, length, 0xFE, 0xFF);
        boolean text = true;
        while (length > 0) {
            digest.update(buffer, 0, length);
            utf8.add(buffer, 0, length);
            for (int i = 0; i < length; i++) {
                text &= buffer[i] != 0;
            }
            length = content.read(buffer);
        }
        String hash = HexFormat.of().formatHex(digest.digest());
        if (littleEndian || bigEndian) {
            return new CsvSurvey(hash, littleEndian ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE, 2, true);
        }
        return new CsvSurvey(hash, utf8.end() ? StandardCharsets.UTF_8 : WINDOWS, utf8Mark ? 3 : 0, text);
    }

    private static boolean begins(byte[] bytes, int length, int... mark) {
        for (int i = 0; i < mark.length; i++) {
            if (i >= length || (bytes[i] & 0xFF) != mark[i]) {
                return false;
            }
        }
        return true;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The text; the mark in front of it is left out. */
    Reader read(InputStream content) throws IOException {
        content.skipNBytes(mark);
        return new BufferedReader(new InputStreamReader(content, charset), 1 << 16);
    }
}
