<?php
// What a site's owner does in its pages: `php act.php SITE` reads one act as JSON and answers as JSON.
$act = json_decode(stream_get_contents(STDIN), true);
$_SERVER['HTTP_HOST'] = $_SERVER['SERVER_NAME'] = parse_url($act['url'] ?? 'http://127.0.0.1', PHP_URL_HOST);
if ($act['do'] === 'install') {
    define('WP_INSTALLING', true);
    define('WP_SITEURL', $act['url']);
    define('WP_HOME', $act['url']);
}
require $argv[1] . '/wp-load.php';

function install(array $act): array {
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    wp_install($act['title'], 'admin', 'admin@example.com', true, '', 'admin words');
    update_option('permalink_structure', '/%postname%/');
    foreach ($act['options'] as $name => $value) update_option($name, $value);
    foreach (get_comments(['status' => 'any']) as $comment) wp_delete_comment($comment, true);
    flush_rewrite_rules();
    return ['version' => get_bloginfo('version')];
}

function user(array $act): array {
    $id = wp_insert_user(['user_login' => $act['login'], 'user_pass' => 'their own words', 'role' => $act['role'],
        'user_email' => $act['login'] . '@example.com', 'display_name' => $act['name']]);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'comptoir']);
    return ['id' => $id, 'login' => $act['login'], 'password' => WP_Application_Passwords::chunk_password($password)];
}

function revoke(array $act): array {
    return ['gone' => WP_Application_Passwords::delete_all_application_passwords($act['id'])];
}

function option(array $act): array {
    update_option($act['name'], $act['value']);
    return [];
}

echo "\n", json_encode($act['do']($act)), "\n";
