-- AlterEnum
ALTER TYPE "notification_kind" ADD VALUE 'MEDIA_PROCESSED';

