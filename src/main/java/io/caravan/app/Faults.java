package io.caravan.app;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.TypeConversionException;

/** Describes in one line a fault that kept Caravan from starting: its place and its cause. */
public final class Faults {
  private static final Pattern RESOURCE =
      Pattern.compile("(?:parsing|loading) resource: (?:file:|classpath:)?(\\S+)");
  private static final Pattern BEAN = Pattern.compile("Error creating bean: (\\S+)");

  private Faults() {}

  /** Returns the line. */
  public static String inOneLine(Throwable fault) {
    List<Throwable> causes = causes(fault);
    String kamelet = MissingKamelet.in(causes);
    if (kamelet != null) {
      return kamelet;
    }
    StringBuilder line = new StringBuilder();
    append(line, RESOURCE, causes, "");
    append(line, BEAN, causes, "bean ");
    return line.append(what(causes)).toString().strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static void append(
      StringBuilder line, Pattern pattern, List<Throwable> causes, String prefix) {
    for (Throwable cause : causes) {
      Matcher m = pattern.matcher(String.valueOf(cause.getMessage()));
      if (m.find()) {
        line.append(prefix).append(m.group(1)).append(": ");
        return;
      }
    }
  }

  private static String what(List<Throwable> causes) {
    for (Throwable cause : causes) {
      if (cause instanceof PropertyBindingException binding) {
        return property(binding);
      }
    }
    // The innermost cause with a message counts: the outer ones only report that something failed.
    String text = null;
    Throwable source = null;
    for (Throwable cause : causes) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        text = message;
        source = cause;
      }
    }
    if (source instanceof ClassNotFoundException || source instanceof NoClassDefFoundError) {
      return "there is no class " + text.replace('/', '.');
    }
    if (source instanceof AccessDeniedException) {
      return text + " can't be read: permission denied";
    }
    if (source instanceof NoSuchFileException) {
      return text + " doesn't exist";
    }
    return text == null ? causes.get(0).getClass().getSimpleName() : text;
  }

  private static String property(PropertyBindingException binding) {
    String type = binding.getTarget() == null ? "" : binding.getTarget().getClass().getName();
    for (Throwable cause : causes(binding)) {
      if (cause instanceof TypeConversionException conversion) {
        Class<?> wanted = conversion.getToType();
        String values =
            wanted.isEnum() ? "one of " + Arrays.toString(wanted.getEnumConstants()) : "";
        return binding.getPropertyName()
            + " of "
            + type
            + " can't be "
            + conversion.getValue()
            + ": it must be "
            + (values.isEmpty() ? "of type " + wanted.getSimpleName() : values);
      }
    }
    List<Throwable> deeper = causes(binding);
    deeper.remove(0);
    // The value is not shown: it may be a key under a mistyped name.
    return deeper.isEmpty()
        ? type + " has no property " + binding.getPropertyName()
        : binding.getPropertyName() + " of " + type + ": " + what(deeper);
  }

  private static List<Throwable> causes(Throwable fault) {
    List<Throwable> causes = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable cause = fault; cause != null && seen.add(cause); cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }
}
