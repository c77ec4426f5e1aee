package io.caravan.launch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Settings of any shape that Claude Code can read: order, white space, kinds of values. */
final class RandomSettings {
  private static final String[] SPACES = {"", " ", "\n", "\n  ", "\n\t", "\r\n    ", "  \n\n "};
  private static final String[] VALUES = {
    "1",
    "-2.5e-7",
    "true",
    "null",
    "\"\"",
    "\"}\"",
    "\"a\\\"b{\"",
    "\"ü\\u00e9 𝄞\"",
    "[]",
    "[ 1,\n{} ]",
    "{}",
    "{ \"env\" : { \"A\": 1 } }",
    "[\"Bash(git:*)\"]"
  };

  private RandomSettings() {}

  static String text(Random random) {
    List<String> members = new ArrayList<>();
    for (String name : List.of("model", "permissions", "hooks", "a\\\"b", "environment", "ä")) {
      if (random.nextInt(3) == 0) {
        members.add(member(random, name, any(random, VALUES)));
      }
    }
    if (random.nextBoolean()) {
      members.add(member(random, "env", env(random)));
    }
    Collections.shuffle(members, random);
    return any(random, SPACES) + object(random, members) + any(random, SPACES);
  }

  private static String env(Random random) {
    List<String> members = new ArrayList<>();
    for (String name : List.of("FOO", "ANTHROPIC_BASE_URL", "BAR", "A")) {
      if (random.nextInt(3) == 0) {
        members.add(member(random, name, "\"value of " + name + "\""));
      }
    }
    return object(random, members);
  }

  private static String member(Random random, String name, String value) {
    String space = any(random, SPACES);
    return any(random, SPACES) + "\"" + name + "\"" + space + ":" + any(random, SPACES) + value;
  }

  private static String object(Random random, List<String> members) {
    List<String> spaced = new ArrayList<>();
    members.forEach(member -> spaced.add(member + any(random, SPACES)));
    return "{" + (members.isEmpty() ? any(random, SPACES) : String.join(",", spaced)) + "}";
  }

  private static String any(Random random, String[] all) {
    return all[random.nextInt(all.length)];
  }
}
