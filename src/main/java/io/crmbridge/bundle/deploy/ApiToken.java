package io.crmbridge.bundle.deploy;

import io.crmbridge.crm.Secret;
import io.crmbridge.state.StoreException;
import io.crmbridge.state.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** What shows that a request to the HTTP API may deploy, in a file that its owner alone may read. */
public final class ApiToken {
    private static final String FILE = "api-token";
    private static final int BYTES = 32;

    private ApiToken() {}

    /** The one of a data folder that this process holds; made when there is none. */
    public static Secret in(Path data) {
        Path file = data.resolve(FILE);
        try {
            try {
                String token = Files.readString(file).strip();
                if (!token.isEmpty()) {
                    return new Secret(token);
                }
            } catch (NoSuchFileException notMadeYet) {
                // Made below.
            }
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            Path part = Files.createTempFile(data, FILE, ".part", ownerOnly(data));
            Files.writeString(part, token + "\n");
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return new Secret(token);
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNUSABLE,
                    "the token of the HTTP API in %s cannot be read or made (%s): give this user access, or set BRIDGE_API_TOKEN"
                            .formatted(file, e.getClass().getSimpleName()),
                    e);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path data) throws IOException {
        return Files.getFileStore(data).supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
