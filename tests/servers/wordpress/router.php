<?php
// A web server's rules for a site that has pretty addresses: files as they are, all else to WordPress.
$root = getenv('SITE');
$path = rawurldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$file = realpath($root . $path);
if ($file && is_dir($file) && $path !== '/' && is_file("$file/index.php")) {
    $file .= '/index.php';
    $path = rtrim($path, '/') . '/index.php';
}
if (!$file || !is_file($file) || strpos($file, $root) !== 0) {
    $file = "$root/index.php";
    $path = '/index.php';
} elseif (substr($file, -4) !== '.php') {
    return false;
}
chdir(dirname($file));
$_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = $path;
$_SERVER['SCRIPT_FILENAME'] = $file;
require $file;
