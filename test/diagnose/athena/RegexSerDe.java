import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Hive's RegexSerDe does with lines, which is Athena's: the whole line has to match, or its row is all NULL.
 *
 *     java RegexSerDe.java REGEX LINES ROWS    files; a row's groups are apart by U+001F
 */
class RegexSerDe {
    public static void main(String[] args) throws Exception {
        Pattern pattern = Pattern.compile(Files.readString(Path.of(args[0])), Pattern.DOTALL);
        try (var lines = Files.newBufferedReader(Path.of(args[1])); var rows = new PrintWriter(args[2], StandardCharsets.UTF_8)) {
            StringBuilder all = new StringBuilder();
            for (int read = lines.read(); read != -1; read = lines.read()) {
                if (read != '\n') {
                    all.append((char) read);
                    continue;
                }
                Matcher matcher = pattern.matcher(all);
                StringBuilder row = new StringBuilder();
                if (matcher.matches())
                    for (int group = 1; group <= matcher.groupCount(); group++)
                        row.append(group == 1 ? "" : "\u001f").append(matcher.group(group) == null ? "" : matcher.group(group));
                rows.print(row.append('\n'));
                all.setLength(0);
            }
        }
    }
}
