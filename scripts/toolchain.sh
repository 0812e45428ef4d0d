# Finds or installs what ./edgeship and ./verify need. Sourced, not run; sets JAVA_HOME and PATH.
# Everything that is not a Debian package of the machine goes to .edgeship/, which git ignores.

tools="$root/.edgeship/tools"
PATH="$PATH:$tools/usr/bin"
mkdir -p "$root/.edgeship" 2>/dev/null || true # the unpacked archive may lie where we cannot write

say() { printf 'edgeship: %s\n' "$*" >&2; }
die() { say "$@"; exit 2; }

# What runs only needs no compiler.
jdk_program=javac
[ -f "$root/pom.xml" ] || jdk_program=java

is_jdk_25() { [ -x "$1/bin/$jdk_program" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null; }

find_jdk() {
  on_path=$(command -v $jdk_program || true)
  for home in "${JAVA_HOME:-}" ${on_path:+"$(dirname "$(dirname "$(readlink -f "$on_path")")")"} \
    /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$home" ] && is_jdk_25 "$home"; then
      JAVA_HOME=$home
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

# apt_install PACKAGE...: installs on the machine; only as root, for anyone else it would prompt.
apt_install() {
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
  say "installing Debian package(s) $*"
  apt_lists
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >>"$root/.edgeship/apt.log" 2>&1
}

apt_lists() {
  ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1 || [ "$(id -u)" != 0 ] || apt-get update -q >>"$root/.edgeship/apt.log" 2>&1
}

# apt_unpack PACKAGE PROGRAM: puts a Debian package's files under .edgeship/tools. Nothing is installed on
# the machine: Debian's prometheus would start a service there.
apt_unpack() {
  command -v "$2" >/dev/null && return 0
  command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
  say "unpacking Debian package $1 into .edgeship/tools"
  apt_lists
  mkdir -p "$tools"
  (cd "$tools" && apt-get download -q "$1" >>"$root/.edgeship/apt.log" 2>&1 && dpkg -x "$1"_*.deb . && rm -f "$1"_*.deb) || return 1
  command -v "$2" >/dev/null
}

need_java() {
  [ -f "$root/pom.xml" ] || die 'no Java 25 found. Install one (Temurin 25, or your system'\''s openjdk-25 package) and set JAVA_HOME to it.'
  need_build_tools
}

need_build_tools() {
  find_jdk || { apt_install openjdk-25-jdk-headless && find_jdk; } ||
    die 'no JDK 25 found. Install one (Temurin 25, or your system'\''s openjdk-25 package) and set JAVA_HOME to it.'
  command -v mvn >/dev/null || { apt_install maven && command -v mvn >/dev/null; } ||
    die 'no Maven found. Install Maven 3.8.7 or a later 3.x (Debian: apt-get install maven).'
}

# waiting PID DOING: a line a second on a terminal, a line every 15 seconds elsewhere, until PID ends.
waiting() {
  seconds=0
  while kill -0 "$1" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    if [ -t 2 ]; then
      printf '\redgeship: %s … %d s ' "$2" "$seconds" >&2
    elif [ $((seconds % 15)) = 1 ]; then
      say "$2 … $seconds s"
    fi
  done
  [ -t 2 ] && printf '\r\033[K' >&2
  wait "$1"
}
