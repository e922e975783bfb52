package io.crmbridge.bundle.code;

import com.fasterxml.jackson.databind.type.TypeFactory;
import io.crmbridge.state.DriversOfALoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.ResourceBundle;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.language.simple.SimpleLanguage;

/**
 * A bundle's classes. Its sources come first, then lib/, then the program: a bundle keeps the versions of the libraries that it
 * was written with, whatever version of the bridge runs it. Only what a route and the bridge hand to each other, or are called
 * by, is the program's first: the bridge itself, Camel, logging, JSON trees and mail; two copies of those could not be cast to
 * each other. The JDK's own classes cannot be replaced at all.
 */
final class BundleLoader extends URLClassLoader {
    private static final List<String> SHARED = List.of(
            "io.crmbridge.",
            "org.apache.camel.",
            "org.slf4j.",
            "ch.qos.logback.",
            "com.fasterxml.jackson.",
            "jakarta.");

    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> compiled;

    /** @param compiled bytes of each class by its name */
    BundleLoader(List<Path> jars, Map<String, byte[]> compiled, ClassLoader program) {
        super("bundle", urls(jars), program);
        this.compiled = Map.copyOf(compiled);
    }

    private static URL[] urls(List<Path> jars) {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            try {
                urls.add(jar.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
        return urls.toArray(URL[]::new);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && !compiled.containsKey(name)) {
                loaded = ofTheJdk(name);
            }
            if (loaded == null && (compiled.containsKey(name) || SHARED.stream().noneMatch(name::startsWith))) {
                loaded = own(name);
            }
            return loaded == null ? super.loadClass(name, resolve) : loaded;
        }
    }

    private static Class<?> ofTheJdk(String name) {
        try {
            return ClassLoader.getPlatformClassLoader().loadClass(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    private Class<?> own(String name) {
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = compiled.get(name);
        return bytes == null ? super.findClass(name) : defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own == null ? super.getResource(name) : own;
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = Collections.list(findResources(name));
        all.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(all);
    }

    /**
     * Ends what holds on to classes beyond this loader: JDBC drivers, Jackson's types, texts, and Camel's simple language, which
     * remembers the context that started it last. Closes the jars.
     */
    void letGo() {
        try (this) {
            String name = DriversOfALoader.class.getName();
            try (InputStream code = DriversOfALoader.class.getResourceAsStream("DriversOfALoader.class")) {
                byte[] bytes = code.readAllBytes();
                // Only a class of the same loader may end the registration of a driver.
                Class<?> here = defineClass(name, bytes, 0, bytes.length);
                ((Runnable) here.getDeclaredConstructor().newInstance()).run();
            }
            TypeFactory.defaultInstance().clearCache();
            ResourceBundle.clearCache(this);
            SimpleLanguage forgetful = new SimpleLanguage();
            forgetful.setCamelContext(new DefaultCamelContext(false));
            forgetful.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
