<?php
// No mail leaves, and strangers may write as fast as tests do unless one of them asks for the flood control.
add_filter('pre_wp_mail', '__return_true');
add_filter('comment_flood_filter', fn($flood) => get_option('test_flood') ? $flood : false);
