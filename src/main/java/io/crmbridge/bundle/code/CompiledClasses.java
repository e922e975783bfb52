package io.crmbridge.bundle.code;

import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;

/** Lets a compiler read files and write into memory. */
final class CompiledClasses extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, CompiledClass> byName = new TreeMap<>();

    CompiledClasses(StandardJavaFileManager disk) {
        super(disk);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
            Location location, String name, JavaFileObject.Kind kind, FileObject source) {
        return byName.computeIfAbsent(name, made -> new CompiledClass(made, fileManager.asPath(source)));
    }

    Map<String, CompiledClass> byName() {
        return byName;
    }
}
