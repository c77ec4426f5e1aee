package io.caravan.app;

import io.caravan.settings.KnownSettings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.TypeConversionException;

/**
 * Describes in one line a fault that kept Caravan from starting: its place and its cause, in the
 * words of the user's files and settings.
 */
public final class Faults {
  private static final Pattern RESOURCE =
      Pattern.compile("(?:parsing|loading) resource: (?:file:|classpath:)?(\\S+)");
  private static final Pattern BEAN = Pattern.compile("Error creating bean: (\\S+)");
  private static final Pattern NOT_CONVERTED =
      Pattern.compile("Cannot convert the String value: (.*) to type: (\\w+)");

  /** The words in which the YAML DSL names an unknown step or property, and its place. */
  private static final Pattern UNKNOWN_NODE =
      Pattern.compile(
          ".*Unknown node id: (\\S+) in (?:file:|classpath:)?(\\S+), line (\\d+), column \\d+:.*");

  private Faults() {}

  /** Returns the line for an application of a directory. */
  public static String inOneLine(Throwable fault, Path directory) {
    try {
      Map<String, String> texts = RouteFiles.under(directory).texts();
      String setting = ofSetting(causes(fault), KnownSettings.in(directory, texts.values()));
      if (setting != null) {
        return setting;
      }
      Path settings = directory.resolve(KnownSettings.FILE);
      if (Files.exists(settings)) {
        texts.put(KnownSettings.FILE, Files.readString(settings));
      }
      return FaultPlaces.add(inOneLine(fault), texts);
    } catch (IOException | RuntimeException e) {
      // The files can't be read: that is the fault itself.
      return inOneLine(fault);
    }
  }

  /** Returns the line for a value that a setting has given to a bean; null if it is no such. */
  private static String ofSetting(List<Throwable> causes, KnownSettings settings) {
    for (Throwable cause : causes) {
      if (cause instanceof PropertyBindingException binding && binding.getValue() != null) {
        String value = binding.getValue().toString();
        String setting = settings.settingOf(binding.getPropertyName(), value);
        return setting == null ? null : ofSetting(setting, value, binding);
      }
    }
    return null;
  }

  private static String ofSetting(String setting, String value, PropertyBindingException binding) {
    String wanted = wanted(causes(binding));
    if (wanted != null) {
      return setting + " is " + (value.isBlank() ? "empty" : value) + ": it must be " + wanted;
    }
    String what = what(deeper(binding));
    return what.startsWith(setting) ? what : setting + ": " + what;
  }

  /** Returns what a value must be that could not be converted, or null. */
  private static String wanted(List<Throwable> causes) {
    for (Throwable cause : causes) {
      if (cause instanceof TypeConversionException conversion) {
        return wanted(conversion.getToType());
      }
      Matcher not = NOT_CONVERTED.matcher(String.valueOf(cause.getMessage()));
      if (not.find()) {
        return not.group(2).equals("boolean") ? "true or false" : "a " + not.group(2);
      }
    }
    return null;
  }

  private static String wanted(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + Arrays.toString(type.getEnumConstants());
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    return type == Duration.class
        ? "a time such as 12h or 7d"
        : type == int.class ? "a number up to " + Integer.MAX_VALUE : "a " + type.getSimpleName();
  }

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
    String text = line.append(what(causes)).toString().strip().replaceAll("\\s*\\R\\s*", " ");
    Matcher unknown = UNKNOWN_NODE.matcher(text);
    return unknown.matches()
        ? unknown.replaceFirst("$2, line $3: there is no step or property $1")
        : text;
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
    if (binding.getOptionPrefix() != null && deeper(binding).isEmpty()) {
      return "there is no setting "
          + binding.getOptionPrefix().replaceFirst("\\.$", "")
          + "."
          + binding.getOptionKey();
    }
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
    List<Throwable> deeper = deeper(binding);
    // The value is not shown: it may be a key under a mistyped name.
    return deeper.isEmpty()
        ? type + " has no property " + binding.getPropertyName()
        : binding.getPropertyName() + " of " + type + ": " + what(deeper);
  }

  private static List<Throwable> deeper(Throwable fault) {
    List<Throwable> deeper = causes(fault);
    deeper.remove(0);
    return deeper;
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
