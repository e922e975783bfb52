package io.crmbridge.bundle.code;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import javax.tools.SimpleJavaFileObject;

/** A class that the compiler writes into memory. */
final class CompiledClass extends SimpleJavaFileObject {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Path source;

    CompiledClass(String name, Path source) {
        super(URI.create("memory:///" + name.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
        this.source = source;
    }

    @Override
    public OutputStream openOutputStream() {
        bytes.reset();
        return bytes;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    /** The file that it was compiled from. */
    Path source() {
        return source;
    }
}
