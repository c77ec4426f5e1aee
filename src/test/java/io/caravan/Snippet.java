package io.caravan;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a document.
 *
 * @param document the file
 * @param line the line of its fence
 * @param mark the kind of the mark in the line above, as {@link SnippetsTest} lists them; empty
 *     without one
 * @param named what the mark names
 * @param language the word behind the fence; empty without one
 * @param text the lines between the fences
 */
record Snippet(Path document, int line, String mark, String named, String language, String text) {
  private static final Pattern FENCE = Pattern.compile("\\s*(?:`{3,}|~{3,})\\s*(\\S*).*");
  private static final Pattern MARK = Pattern.compile("<!-- (ci|test|in|not run): ?(.*?) -->|.*");

  /** Returns the blocks of all documents of the repository. */
  static List<Snippet> all() throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    Files.walkFileTree(
        Path.of(""),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return List.of("target", ".git", "node_modules").contains(folder.toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (file.toString().endsWith(".md")) {
              snippets.addAll(of(file, Files.readString(file)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return snippets;
  }

  static List<Snippet> of(Path document, String content) {
    List<Snippet> snippets = new ArrayList<>();
    List<String> lines = content.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher open = FENCE.matcher(lines.get(i));
      if (!open.matches()) {
        continue;
      }
      int first = i;
      StringBuilder text = new StringBuilder();
      while (++i < lines.size() && !FENCE.matcher(lines.get(i)).matches()) {
        text.append(lines.get(i)).append('\n');
      }
      Matcher mark = MARK.matcher(first == 0 ? "" : lines.get(first - 1));
      boolean marked = mark.matches() && mark.group(1) != null;
      snippets.add(
          new Snippet(
              document,
              first + 1,
              marked ? mark.group(1) : "",
              marked ? mark.group(2) : "",
              open.group(1),
              text.toString()));
    }
    return snippets;
  }

  @Override
  public String toString() {
    return document + ", line " + line;
  }
}
