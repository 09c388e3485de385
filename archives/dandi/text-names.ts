// Names of text files. The tool that writes the mirrors puts them into git itself; all others are
// annexed. It asks the Python package `identify` (MIT); this is the list of its version 2.6.20,
// 302 extensions and 96 names.

const EXTENSIONS = `
  adoc aj apinotes asciidoc asm astro avsc bash bat bats bazel bb bbappend bbclass beancount bib
  bzl c c++ c++m cc ccm cfg chs cjs clj cljc cljs cmake cmd cnf coffee conf cpp cppm cr crt cs
  csh cson csproj css csv csx cu cue cuh cxx cxxm cylc dart dbc def diff dtd edn ejs ejson elm
  env erb erl escript ex exs eyaml f03 f08 f90 f95 feature fish fs fsproj fsx gd gemspec geojson
  gleam go gotmpl gpx gradle graphql groovy gyb gyp gypi h hbs hcl hh hlsl hlsli hpp hrl hs htm
  html hxx ics idl idr inc ini inl ino inx ipp ipxe ipynb ixx j2 jade java jbuilder jenkins
  jenkinsfile jinja jinja2 jl js json json5 jsonld jsonnet jsx key kml kt kts lean lektorproject
  less lfm lhs libsonnet lidr liquid lpi lpr lr lua luau m m4 magik make manifest map markdown
  md mdx meson metal mib mjs mk ml mli mm modulemap mscx mustache myst ngdoc nim nimble nims nix
  njk nu pas patch pem php php4 php5 phtml piskel pl plantuml pm po pom pp prisma properties
  props proto ps1 psd1 psm1 pug puml purs pxd pxi py pyi pyproj pyt pyw pyx qmd qml r rake rb
  resx rng robot rs rst s sas sass sbt sc scala scm scss sh sln slnx sls sol spec sql ss sty
  styl sv svelte svg svh swift swiftdeps tac targets templ tex textproto tf tfvars thrift toml
  tpp ts tsv tsx twig txsprofile txt txtpb urdf v vala vb vbproj vcxproj vdx vh vhd vim vtl vue
  wixproj wkt wsdl wsgi wxi wxl wxs xacro xaml xcconfig xcscheme xctestplan xcworkspacedata
  xhtml xlf xliff xml xq xql xqm xqu xquery xqy xsd xsl xslt yaml yamlld yang yin yml zcml zig
  zpt zsh
`;

const NAMES = `
  .ansible-lint .babelrc .bash_aliases .bash_profile .bashrc .bazelrc .bowerrc .browserslistrc
  .clang-format .clang-tidy .codespellrc .coveragerc .cshrc .csslintrc .dockerignore
  .editorconfig .envrc .flake8 .gitattributes .gitconfig .gitignore .gitlint .gitmodules .hgrc
  .isort.cfg .jshintrc .mailmap .mention-bot .npmignore .pdbrc .prettierignore .profile .pypirc
  .rstcheck.cfg .salt-lint .sqlfluff .yamllint .zlogin .zlogout .zprofile .zshenv .zshrc AUTHORS
  BUILD Brewfile CHANGELOG CMakeLists.txt CONTRIBUTING COPYING Cargo.lock Cargo.toml
  Containerfile Dockerfile Fastfile GNUmakefile Gemfile Gemfile.lock Jenkinsfile LICENSE
  MAINTAINERS Makefile NEWS NOTICE PATENTS PKGBUILD Pipfile Pipfile.lock README Rakefile
  SConscript SConstruct SCsub Tiltfile Vagrantfile WORKSPACE bblayers.conf bitbake.conf
  config.ru copy.bara.sky direnvrc go.mod go.sum makefile meson.build meson.options
  meson_options.txt poetry.lock pom.xml pylintrc pyproject.toml rebar.config setup.cfg
  sys.config sys.config.src uv.lock wscript
`;

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

export const TEXT_EXTENSIONS = wordsOf(EXTENSIONS);
export const TEXT_NAMES = wordsOf(NAMES);

/** Whether the tool takes a file of this name for text. */
export function isTextName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  // `README.md.bak` is a README.
  if ([name, ...name.split('.')].some((part) => TEXT_NAMES.has(part))) return true;
  const extension = /[^.].*\.([^.]+)$/s.exec(name)?.[1];
  return extension !== undefined && TEXT_EXTENSIONS.has(extension.toLowerCase());
}
